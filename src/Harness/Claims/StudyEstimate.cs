using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>One row of metrics.json.</summary>
/// <param name="Claim">Id of the claim that it belongs to.</param>
/// <param name="Measure">What was measured, in snake case; the same name in the published figures.</param>
/// <param name="Kind">Question kind, "all" for all kinds pooled, or "within-kind" for a figure that compares rows of one kind only and pools over kinds.</param>
/// <param name="Layer">Decoder layer from 0, or null where none or all are meant.</param>
/// <param name="Arm">Intervention arm, probe variant or method, or null.</param>
/// <param name="Estimate">Value, interval, n, images, method, seed.</param>
public sealed record StudyEstimate(string Claim, string Measure, string Kind, int? Layer, string? Arm, Estimate Estimate) : IComparable<StudyEstimate>
{
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

    /// <summary>"claim/measure [kind, layer l, arm] = estimate", for messages.</summary>
    public override string ToString() =>
        $"{Claim}/{Measure} [{string.Join(", ", new[] { Kind, Layer is { } l ? $"layer {l}" : null, Arm }.OfType<string>())}] = {Estimate}";
}
