using System.Text.Json.Serialization;

namespace Vrp.Harness.Intervening;

/// <summary>What the intervention stage is to do, as the analysis of a trace decided it. Serialises to JSON and is a part of the stage's key.</summary>
public sealed record InterventionPlan
{
    /// <summary><c>full</c> or <c>quick</c>: the named budget that the numbers of arms and draws follow from.</summary>
    public string Budget { get; init; } = "full";

    /// <summary>The key of the trace that the choices were made on.</summary>
    public string TraceKey { get; init; } = "";

    /// <summary>Questions to run, by id: those whose images the choices did not see. Empty: all.</summary>
    /// <remarks>Stored plans, and with them the keys of what was computed, have it by its earlier name.</remarks>
    [JsonPropertyName("sample_ids")]
    public IReadOnlyList<string> QuestionIds { get; init; } = [];

    /// <summary>Questions that mean values and resampled values come from, by id; disjoint by image from <see cref="QuestionIds"/>.</summary>
    public IReadOnlyList<string> ReferenceIds { get; init; } = [];

    /// <summary>Layers over which the attention that masking goes by is averaged (and over all heads). Empty: all.</summary>
    public IReadOnlyList<int> MaskingLayers { get; init; } = [];

    /// <summary>Share of the cells that masking hides.</summary>
    public double MaskingShare { get; init; } = 0.3;

    /// <summary>Of resampling donors and of random masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>Arms, without <see cref="InterventionArm.None"/>, which is always run first.</summary>
    public IReadOnlyList<InterventionArm> Arms { get; init; } = [];
}
