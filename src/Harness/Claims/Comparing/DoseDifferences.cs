using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Comparing;

/// <summary>The dose curves of two subjects at the study's depth, point by point: late minus early, or first minus second within a side.</summary>
static class DoseDifferences
{
    public static IEnumerable<StudyEstimate> Of(IReadOnlyList<StudyResult> studies)
    {
        foreach (var (first, second) in ArchitectureSplit.Pairs(studies))
            foreach (var row in Curve(first))
                if (Curve(second).FirstOrDefault(other => other.Arm == row.Arm) is { } other)
                    yield return new StudyEstimate("architecture-split", "accuracy_change_difference", "all", null, $"{first.Subject} - {second.Subject}: {row.Arm}", Difference(row.Estimate, other.Estimate));
    }

    static IEnumerable<StudyEstimate> Curve(StudyResult study)
    {
        var depth = study.ModelFamily.Map(study.ModelFamily.StudyAblationLayer(), study.Layers);
        return study.Estimates.Where(row => row.Claim == "neuron-ablation" && row.Measure == "accuracy_change" && row.Layer == depth);
    }

    /// <summary>Half widths add as for independent estimates; the same questions make the true interval narrower, if anything.</summary>
    static Estimate Difference(Estimate a, Estimate b) => new(a.Value - b.Value,
        a.Value - b.Value - Math.Sqrt(Math.Pow(a.Value - a.Low, 2) + Math.Pow(b.High - b.Value, 2)),
        a.Value - b.Value + Math.Sqrt(Math.Pow(a.High - a.Value, 2) + Math.Pow(b.Value - b.Low, 2)),
        a.Level, Math.Min(a.N, b.N), Math.Min(a.Groups, b.Groups), "difference-of-independent-intervals");
}
