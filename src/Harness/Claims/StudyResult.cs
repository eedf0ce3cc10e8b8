using System.Text.Json.Serialization;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>Everything that one study found: what the analysis gives, what a run folder has, and what it reads back.</summary>
/// <param name="Subject">The model.</param>
/// <param name="Family">Its model_type.</param>
/// <param name="Layers">Its decoder layers.</param>
/// <param name="Data">The data set.</param>
/// <param name="Estimates">The rows of metrics.json, sorted.</param>
/// <param name="Verdicts">The claims of verdicts.json, in the study's order.</param>
/// <param name="Questions">The lines of samples.jsonl, in the data set's order.</param>
public sealed record StudyResult(string Subject, string Family, int Layers, string Data, IReadOnlyList<StudyEstimate> Estimates,
    IReadOnlyList<ClaimResult> Verdicts, IReadOnlyList<QuestionResult> Questions)
{
    /// <summary>The run folder that it lies in; empty for a study in memory alone.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Attention maps for the report. They are kept in a file of their own, which only the report reads back.</summary>
    public IReadOnlyList<QuestionMap> Maps { get; init; } = [];

    /// <summary>The family as the study has it.</summary>
    public ModelFamily ModelFamily => StudyFamilies.Parse(Family);

    /// <summary>A claim's result.</summary>
    /// <exception cref="VrpException">The study did not judge it.</exception>
    public ClaimResult this[string claim] => Verdicts.FirstOrDefault(result => result.Claim == claim)
        ?? throw new VrpException($"{Subject} has no verdict on {claim}; it has {string.Join(", ", Verdicts.Select(result => result.Claim))}.");

    /// <summary>The first estimate that fits, or null; what is null here fits anything.</summary>
    public StudyEstimate? Find(string claim, string measure, string? kind = null, int? layer = null, string? arm = null) => Estimates.FirstOrDefault(row =>
        row.Claim == claim && row.Measure == measure && (kind is null || row.Kind == kind) && (layer is null || row.Layer == layer)
            && (arm is null || row.Arm == arm));
}

/// <summary>One row of metrics.json: an estimate and what it is an estimate of.</summary>
/// <param name="Claim">Id of the claim that it belongs to.</param>
/// <param name="Measure">What was measured, in snake case; the same name in the published figures.</param>
/// <param name="Kind">Question kind, "all" for all kinds pooled, or "within-kind" for a figure that compares rows of one kind only and pools over
/// kinds.</param>
/// <param name="Layer">Decoder layer from 0, or null where none or all are meant.</param>
/// <param name="Arm">Intervention arm, probe variant or method, or null.</param>
/// <param name="Estimate">Value, interval, n, images, method, seed; the file has its fields next to the names.</param>
public sealed record StudyEstimate(string Claim, string Measure, string Kind, int? Layer, string? Arm, [property: JsonIgnore] Estimate Estimate)
    : IComparable<StudyEstimate>
{
    [JsonConstructor]
    StudyEstimate(string claim, string measure, string kind, int? layer, string? arm, double value, double? low, double? high, double? level, int n, int groups,
        string method, ulong? seed)
        : this(claim, measure, kind, layer, arm, new Estimate(value, low ?? value, high ?? value, level ?? 0, n, groups, method, seed))
    {
    }

    public double Value => Estimate.Value;

    /// <summary>Null for a point without an interval, as <see cref="High"/> and <see cref="Level"/> are.</summary>
    public double? Low => Estimate.HasInterval ? Estimate.Low : null;

    public double? High => Estimate.HasInterval ? Estimate.High : null;

    public double? Level => Estimate.HasInterval ? Estimate.Level : null;

    public int N => Estimate.N;

    public int Groups => Estimate.Groups;

    public string Method => Estimate.Method;

    public ulong? Seed => Estimate.Seed;

    /// <summary>"claim/measure [kind, layer l, arm]".</summary>
    [JsonIgnore]
    public string Name => $"{Claim}/{Measure} [{string.Join(", ", new[] { Kind, Layer is { } layer ? $"layer {layer}" : null, Arm }.OfType<string>())}]";

    /// <summary>Order of the file: claim, measure, kind, layer (none first), arm; ordinal. No two rows of a study are equal in it.</summary>
    public int CompareTo(StudyEstimate? other)
    {
        if (other is null) return 1;
        var order = string.CompareOrdinal(Claim, other.Claim);
        if (order == 0) order = string.CompareOrdinal(Measure, other.Measure);
        if (order == 0) order = string.CompareOrdinal(Kind, other.Kind);
        if (order == 0) order = (Layer ?? -1).CompareTo(other.Layer ?? -1);
        return order != 0 ? order : string.CompareOrdinal(Arm ?? "", other.Arm ?? "");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Estimate}";
}
