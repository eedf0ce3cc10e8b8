namespace Vrp.Harness.Claims;

/// <summary>What the data say about a claim's judged form.</summary>
public enum Verdict
{
    /// <summary>Every deciding interval lies wholly on the claim's side.</summary>
    Supported,

    /// <summary>A deciding interval lies wholly on the other side.</summary>
    Refuted,

    /// <summary>The interval holds both sides at this n.</summary>
    Inconclusive,

    /// <summary>A measure that the claim needs is missing, not finite, or stands on too few cells. Never a number.</summary>
    NotRun,
}
