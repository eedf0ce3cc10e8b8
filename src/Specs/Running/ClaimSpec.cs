using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using FluentAssertions.Execution;
using Vrp.Harness.Claims;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Snapshots;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A claim about one subject (or all of them), as a spec writes it down: the sentence as printed, which is recorded, and the judged form, which
/// decides.</summary>
public sealed class ClaimSpec : IXunitSerializable
{
    string claim = "", className = "", methodName = "";

    /// <summary>For xUnit, which makes an empty one and fills it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never), Obsolete("Called by xUnit alone.")]
    public ClaimSpec()
    {
    }

    internal ClaimSpec(string claim, string subject, string className, string methodName) =>
        (this.claim, Subject, this.className, this.methodName) = (claim, subject, className, methodName);

    /// <summary>The claim.</summary>
    public Claim Claim => ClaimRegistry.Get(claim);

    /// <summary>The subject's name, or "all".</summary>
    public string Subject { get; private set; } = "";

    /// <summary>The published sentence, asserted as it is printed. It decides nothing; that it holds or fails has to be what the run recorded.</summary>
    /// <param name="sentence">Assertions; one that fails means that the sentence does not hold.</param>
    [StackTraceHidden]
    public ClaimSpec AsPrinted(Action<StudyResult> sentence)
    {
        var recorded = Result().Published;
        if (recorded.Holds is not { } holds) return this;
        var (failure, _) = Say(() => sentence(Session.StudyOf(Subject)));
        if (failure is null != holds)
            throw new SpecFailedException($"{Claim.Id} [{Subject}]: as written here the published form {(failure is null ? "holds" : "fails")}, "
                + $"the run recorded that it {recorded.Word}: {recorded.Found}.{(failure is null ? "" : $" {failure}")}");
        return this;
    }

    /// <summary>The judged form. It holds where the claim is supported and fails where it is refuted, on the same interval and against the same bound as the
    /// run judged by; the verdict must be the one that the ledger expects, and the numbers those of the snapshot.</summary>
    /// <param name="sentence">Assertions whose whole intervals decide.</param>
    [StackTraceHidden]
    public void Judged(Action<StudyResult> sentence)
    {
        var study = Session.StudyOf(Subject);
        Check(() => sentence(study));
    }

    /// <summary>The judged form of a claim over all subjects.</summary>
    [StackTraceHidden]
    public void JudgedOverAll(Action<Comparison> sentence)
    {
        var comparison = Session.Compare();
        Check(() => sentence(comparison));
    }

    [StackTraceHidden]
    void Check(Action sentence)
    {
        var (result, problems) = (Result(), new List<string>());
        var check = new LedgerCheck(Claim.Id, Subject, Session.Ledger.Find(Claim.Id, Subject), result.Verdict, result.Reason, result.WouldSettle);
        var settle = result.WouldSettle is { } what ? $"\n  to decide it: {what}" : "";
        if (check.Outcome == LedgerOutcome.New)
            problems.Add($"New: {Claim.Id} [{Subject}] is not in the ledger; found {check.Found}: {check.Reason}{settle}\n"
                + $"  `vrp gate --config \"{Session.Config.FilePath()}\"`, then "
                + $"`vrp accept --ledger \"{Claim.Id} {Subject}\" --config \"{Session.Config.FilePath()}\"` records it.");
        if (check.Outcome == LedgerOutcome.Differs)
            problems.Add($"Verdict: {Claim.Id} [{Subject}] was expected {check.Entry!.Expected} ({check.Entry.Reason}), "
                + $"found {check.Found}: {check.Reason}{settle}");
        if (Contradiction(result, sentence) is { } contradiction) problems.Add($"Spec: {Claim.Id} [{Subject}]: {contradiction}");
        if (Subject != Ledger.AllSubjects && new SpecSnapshots(Session, Subject).Check(Session.Folder, className, methodName, Subject,
            Snapshot.Of(Session.StudyOf(Subject), Claim.Id, Session.KernelsOf(Subject))) is { Failed: true } snapshot) problems.Add(snapshot.Text);
        if (problems.Count > 0) throw new SpecFailedException(string.Join("\n", problems));
    }

    /// <summary>Where what is written here and what the run judged by are two things; null where they agree, and where nothing was judged.</summary>
    internal static string? Contradiction(ClaimResult result, Action sentence)
    {
        if (result.Verdict == Verdict.NotRun) return null;
        var (failure, decisions) = Say(sentence);
        if (failure is null && result.Verdict == Verdict.Refuted) return $"as written here it holds, and the run refuted it: {result.Reason}";
        if (failure is not null && result.Verdict == Verdict.Supported)
            return $"as written here it fails, and the run supported it: {result.Reason}\n  {failure}";
        // Both say an interval and its bound in the same words, after the name that each gives it. A bound that begins like another one is another one.
        string[] own = [.. decisions.Where(decision => decision.Verdict == result.Verdict)
            .Select(decision => decision.Reason[EstimateAssertions.Value.Length..])];
        return own.Length == 0 || own.Any(said => Regex.IsMatch(result.Reason, $@"{Regex.Escape(said)}(?!\.?\d)")) ? null
            : $"as written here{string.Join(";", own)}, and the run judged by another interval or bound: {result.Reason}";
    }

    /// <summary>Says a sentence to its end: what fails in it, and what its intervals decided. Anything but a failed assertion is a bug of the spec, and
    /// thrown.</summary>
    static (string? Failure, IReadOnlyList<Decision> Decisions) Say(Action sentence)
    {
        var decisions = new List<Decision>();
        try
        {
            using (EstimateAssertions.Listen(decisions.Add))
            using (new AssertionScope())
                sentence();
            return (null, decisions);
        }
        catch (Exception error) when (error is XunitException and not SkipException or MissingEstimateException)
        {
            return (error.Message, decisions);
        }
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
        (info.GetValue<string>(nameof(claim))!, info.GetValue<string>(nameof(Subject))!,
            info.GetValue<string>(nameof(className))!, info.GetValue<string>(nameof(methodName))!);

    static SpecSession Session => SpecSession.Current;

    ClaimResult Result() => Subject == Ledger.AllSubjects ? Session.Compare().Split : Session.StudyOf(Subject)[Claim.Id];
}
