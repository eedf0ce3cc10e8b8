namespace Vrp.Harness.Reporting;

/// <summary>How much something unlike expected weighs; the first stand first.</summary>
enum Severity
{
    /// <summary>A metric is worse than its margin allows.</summary>
    Regressed,

    /// <summary>A claim has the opposite verdict, or a decided one where another was expected.</summary>
    Broken,

    /// <summary>A subject has no verdicts at all.</summary>
    DidNotRun,

    /// <summary>A claim is no longer decided.</summary>
    Undecided,

    /// <summary>A metric that must be shown to be no worse is not.</summary>
    NotShown,

    /// <summary>The ledger has no entry.</summary>
    New,

    /// <summary>Anything else that the gate names.</summary>
    Other,
}

/// <summary>One thing that is unlike expected.</summary>
/// <param name="Severity">Its weight.</param>
/// <param name="Name">Claim or metric; empty where it is neither.</param>
/// <param name="Subject">The model; empty where it is about the run.</param>
/// <param name="What">What happened, in a few words.</param>
/// <param name="Reason">Numbers behind it.</param>
/// <param name="Settle">What would decide it.</param>
/// <param name="IsClaim">Whether <paramref name="Name"/> is a claim, which has a page of its own.</param>
sealed record Difference(Severity Severity, string Name, string Subject, string What, string Reason, string? Settle = null, bool IsClaim = false)
{
    /// <summary>"logit-lens on llava-fixture: expected Supported, found Refuted".</summary>
    public string Title => $"{Place}{(Place.Length > 0 ? ": " : "")}{What}";

    /// <summary>"logit-lens on llava-fixture".</summary>
    public string Place =>
        Name.Length == 0 ? Subject : Subject.Length == 0 ? Name : $"{Name} on {(Subject == Ledgers.Ledger.AllSubjects ? "all subjects" : Subject)}";
}
