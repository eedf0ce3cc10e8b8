using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Output;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Snapshots;
using Vrp.Models;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A claim about one subject (or all of them), as a spec writes it down: the sentence as printed, which is recorded, and the judged form, which decides.</summary>
public sealed class ClaimSpec
{
    readonly SpecSession session;
    readonly string className, methodName;

    internal ClaimSpec(SpecSession session, string claim, string subject, string className, string methodName)
    {
        (this.session, Claim, Subject, this.className, this.methodName) = (session, ClaimCatalogue.Get(claim), subject, className.Split('.')[^1], methodName);
    }

    /// <summary>The claim.</summary>
    public Claim Claim { get; }

    /// <summary>The subject's name, or "all".</summary>
    public string Subject { get; }

    /// <summary>The subject's study.</summary>
    public StoredStudy Study => session.StudyOf(Subject);

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
    public ClaimSpec AsPrinted(Action<ClaimSpec> sentence)
    {
        var recorded = Verdict().Published;
        if (recorded.Holds is not { } holds) return this;
        string? failure = null;
        try
        {
            sentence(this);
        }
        catch (XunitException error)
        {
            failure = error.Message;
        }

        if (failure is null != holds)
            throw new XunitException($"{Claim.Id} [{Subject}]: as written here the published form {(failure is null ? "holds" : "fails")}, the run recorded that it {recorded.Word}: {recorded.Found}.{(failure is null ? "" : $" {failure}")}");
        return this;
    }

    /// <summary>The judged form: the verdict must be the one that the ledger expects, and the numbers those of the snapshot.</summary>
    public void Judged()
    {
        var (verdict, problems) = (Verdict(), new List<string>());
        var check = new LedgerCheck(Claim.Id, Subject, session.Ledger.Find(Claim.Id, Subject), verdict.Verdict, verdict.Reason, verdict.WouldSettle);
        var settle = verdict.WouldSettle is { } what ? $"\n  would settle it: {what}" : "";
        if (check.Outcome == LedgerOutcome.New)
            problems.Add($"New: {Claim.Id} [{Subject}] is not in the ledger; found {check.Found}: {check.Reason}{settle}\n"
                + $"  `vrp gate --config \"{session.Config.FilePath()}\"`, then `vrp accept --ledger --config \"{session.Config.FilePath()}\"` records it.");
        if (check.Outcome == LedgerOutcome.Differs)
            problems.Add($"Verdict: {Claim.Id} [{Subject}] was expected {check.Entry!.Expected} ({check.Entry.Reason}), found {check.Found}: {check.Reason}{settle}");
        if (Subject != Ledger.AllSubjects && Snapshots().Check(session.Folder, className, methodName, Subject, Snapshot.Of(Study, Claim.Id, session.KernelsOf(Subject))) is { Failed: true } result)
            problems.Add(result.Text);
        if (problems.Count > 0) throw new XunitException(string.Join("\n", problems));
    }

    SpecSnapshots Snapshots() => new(session, Subject);

    StoredVerdict Verdict()
    {
        if (Subject != Ledger.AllSubjects) return Study.Verdicts.First(verdict => verdict.Claim == Claim.Id);
        var split = session.Compare().Split;
        return new StoredVerdict(split.Claim.Id, split.Verdict, split.Reason, split.WouldSettle, split.Published, split.Deciding, split.Notes);
    }
}
