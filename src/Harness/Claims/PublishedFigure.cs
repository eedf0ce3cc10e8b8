namespace Vrp.Harness.Claims;

/// <summary>One row of the study's tables: a figure per family, null where none is printed.</summary>
/// <param name="Measure">The measure's name in metrics.json, so that ours can stand beside it.</param>
/// <param name="What">What it is, with its unit.</param>
/// <param name="Llava">LLaVA-1.5-7B.</param>
/// <param name="PaliGemma">PaliGemma-3B.</param>
/// <param name="Qwen2VL">Qwen2-VL-7B-Instruct.</param>
/// <param name="Note">Interval, layer, or what else is printed beside.</param>
public sealed record PublishedFigure(string Measure, string What, double? Llava, double? PaliGemma, double? Qwen2VL, string? Note = null)
{
    /// <summary>The row of metrics.json that stands beside it, where it is not <see cref="Measure"/>.</summary>
    public string? Row { get; init; }

    /// <summary>The claim under which that row stands, where it is another.</summary>
    public string? RowClaim { get; init; }

    /// <summary>Kind of that row; null = any.</summary>
    public string? Kind { get; init; }

    /// <summary>Arm of that row; null = the one without.</summary>
    public string? Arm { get; init; }

    /// <summary>Layer in the study's numbering; ours is the one at the same depth.</summary>
    public int? StudyLayer { get; init; }

    /// <summary>What ours is multiplied by to have the printed unit.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Our row beside the figure, or null.</summary>
    public StudyEstimate? Ours(Claim claim, IEnumerable<StudyEstimate> estimates, ModelFamily family, int layers) => estimates.FirstOrDefault(row =>
        row.Claim == (RowClaim ?? claim.Id) && row.Measure == (Row ?? Measure) && (Kind is null || row.Kind == Kind) && row.Arm == Arm
        && (StudyLayer is not { } layer || row.Layer == family.Map(Math.Min(layer, family.StudyLayers() - 1), layers)));

    /// <summary>One figure for all families.</summary>
    public static PublishedFigure Pooled(string measure, string what, double value, string? note = null) => new(measure, what, value, value, value, note);

    /// <summary>The figure of a family, or null.</summary>
    public double? For(ModelFamily family) => family switch
    {
        ModelFamily.Llava => Llava,
        ModelFamily.PaliGemma => PaliGemma,
        ModelFamily.Other => null,
        _ => Qwen2VL,
    };
}
