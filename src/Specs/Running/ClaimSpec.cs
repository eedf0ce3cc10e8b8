using System.ComponentModel;
using System.Diagnostics;
using Vrp.Harness.Claims;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Snapshots;
using Vrp.Models;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A claim about one subject (or all of them), as a spec writes it down: the sentence as printed, which is recorded, and the judged form, which decides.</summary>
public sealed class ClaimSpec : IXunitSerializable
{
    string claim = "", className = "", methodName = "";

    /// <summary>For xUnit, which makes an empty one and fills it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never), Obsolete("Called by xUnit alone.")]
    public ClaimSpec()
    {
    }

    internal ClaimSpec(string claim, string subject, string className, string methodName) => (this.claim, Subject, this.className, this.methodName) = (claim, subject, className, methodName);

    /// <summary>The claim.</summary>
    public Claim Claim => ClaimCatalogue.Get(claim);

    /// <summary>The subject's name, or "all".</summary>
    public string Subject { get; private set; } = "";

    /// <summary>The subject's study.</summary>
    public StudyResult Study => Session.StudyOf(Subject);

    /// <summary>The family as the study has it.</summary>
    public ModelFamily Family => Study.ModelFamily;

    /// <summary>A row of the claim's metrics. Everything that is null matches any layer, and only rows without an arm.</summary>
    /// <exception cref="MissingEstimateException">There is none: it could not be measured.</exception>
    public StudyEstimate this[string measure, string? kind = null, int? layer = null, string? arm = null] => Study.Select(Subject, Claim.Id, measure, kind, layer, arm);

    /// <summary>All rows of a measure of this claim.</summary>
    public IEnumerable<StudyEstimate> Rows(string measure) => Study.Estimates.Where(row => row.Claim == Claim.Id && row.Measure == measure);

    /// <summary>The study's printed figure for this family, in its own unit; null where none is printed.</summary>
    public double? Printed(string measure) => Claim.Published(measure, Family);

    /// <summary>The layer of this model at the depth of one of the study's.</summary>
    public int Layer(int studyLayer) => Family.Map(Math.Min(studyLayer, Family.StudyLayers() - 1), Study.Layers);

    /// <summary>The published sentence, asserted as it is printed. It decides nothing; that it holds or fails has to be what the run recorded.</summary>
    /// <param name="sentence">Assertions; throwing means that the sentence does not hold.</param>
    [StackTraceHidden]
    public ClaimSpec AsPrinted(Action<ClaimSpec> sentence)
    {
        var recorded = Verdict().Published;
        if (recorded.Holds is not { } holds) return this;
        string? failure = null;
        try
        {
            sentence(this);
        }
        catch (XunitException error) when (error is not SkipException)
        {
            failure = error.Message;
        }

        if (failure is null != holds)
            throw new SpecFailedException($"{Claim.Id} [{Subject}]: as written here the published form {(failure is null ? "holds" : "fails")}, the run recorded that it {recorded.Word}: {recorded.Found}.{(failure is null ? "" : $" {failure}")}");
        return this;
    }

    /// <summary>The judged form: the verdict must be the one that the ledger expects, and the numbers those of the snapshot.</summary>
    [StackTraceHidden]
    public void Judged()
    {
        var (verdict, problems) = (Verdict(), new List<string>());
        var check = new LedgerCheck(Claim.Id, Subject, Session.Ledger.Find(Claim.Id, Subject), verdict.Verdict, verdict.Reason, verdict.WouldSettle);
        var settle = verdict.WouldSettle is { } what ? $"\n  would settle it: {what}" : "";
        if (check.Outcome == LedgerOutcome.New)
            problems.Add($"New: {Claim.Id} [{Subject}] is not in the ledger; found {check.Found}: {check.Reason}{settle}\n"
                + $"  `vrp gate --config \"{Session.Config.FilePath()}\"`, then `vrp accept --ledger --config \"{Session.Config.FilePath()}\"` records it.");
        if (check.Outcome == LedgerOutcome.Differs)
            problems.Add($"Verdict: {Claim.Id} [{Subject}] was expected {check.Entry!.Expected} ({check.Entry.Reason}), found {check.Found}: {check.Reason}{settle}");
        if (Subject != Ledger.AllSubjects
            && new SpecSnapshots(Session, Subject).Check(Session.Folder, className, methodName, Subject, Snapshot.Of(Study, Claim.Id, Session.KernelsOf(Subject))) is { Failed: true } result)
            problems.Add(result.Text);
        if (problems.Count > 0) throw new SpecFailedException(string.Join("\n", problems));
    }

    /// <inheritdoc/>
    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(claim), claim);
        info.AddValue(nameof(Subject), Subject);
        info.AddValue(nameof(className), className);
        info.AddValue(nameof(methodName), methodName);
    }

    /// <inheritdoc/>
    public void Deserialize(IXunitSerializationInfo info) => (claim, Subject, className, methodName) =
        (info.GetValue<string>(nameof(claim))!, info.GetValue<string>(nameof(Subject))!, info.GetValue<string>(nameof(className))!, info.GetValue<string>(nameof(methodName))!);

    static SpecSession Session => SpecSession.Current;

    ClaimResult Verdict() => Subject == Ledger.AllSubjects ? Session.Compare().Split : Study[Claim.Id];
}
