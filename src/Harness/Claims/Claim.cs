namespace Vrp.Harness.Claims;

/// <summary>One published claim as an executable thing.</summary>
/// <param name="Id">The claim's name everywhere: metrics, ledger, specs.</param>
/// <param name="Text">The claim in a sentence.</param>
/// <param name="Figures">The study's printed figures.</param>
/// <param name="PublishedForm">What the study asserts, as it is asserted here.</param>
/// <param name="JudgedForm">What decides the verdict.</param>
/// <param name="Method">Estimator, interval and protocol of the judged form.</param>
/// <param name="Supported">When the verdict is Supported.</param>
/// <param name="Refuted">When it is Refuted.</param>
/// <param name="NotRun">When it is NotRun; otherwise Inconclusive.</param>
/// <param name="Traps">Holes in the published protocol that the judged form closes.</param>
public sealed record Claim(string Id, string Text, IReadOnlyList<PublishedFigure> Figures, string PublishedForm, string JudgedForm, string Method,
    string Supported, string Refuted, string NotRun, IReadOnlyList<string> Traps)
{
    /// <summary>Whether only several subjects together can be judged by it.</summary>
    public bool IsOverSubjects => Id == ClaimCatalogue.ArchitectureSplit.Id;

    /// <summary>The printed figure of a measure for a family, or null.</summary>
    public double? Published(string measure, ModelFamily family) => Figures.FirstOrDefault(f => f.Measure == measure)?.For(family);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
