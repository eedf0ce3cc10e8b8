namespace Vrp.Reliability;

/// <summary>What switching units off does (arXiv 2605.08200 §6).</summary>
public sealed class AblationSpecs
{
    [Theory, Claim("neuron-ablation")]
    public void Top5_ablation_drops_accuracy_by_5_points(ClaimSpec claim) => claim
        .AsPrinted(found =>
        {
            // On object identification where the set has it, at the study's depth where it was run there.
            var rows = found.Rows("top5_loss").ToArray();
            var kind = rows.Any(row => row.Kind == "identify") ? "identify" : "all";
            var depth = found.Layer(Vrp.Harness.Claims.ModelFamilies.StudyAblationLayer(found.Family));
            rows.Where(row => row.Kind == kind).OrderBy(row => row.Layer == depth ? 0 : 1).First().Estimate.Value.Should().BeLessThanOrEqualTo(-0.05);
        })
        .Judged();

    [Theory, Claim("layer-destruction")]
    public void Losing_half_of_the_layer_costs_at_most_1_point(ClaimSpec claim) => claim
        .AsPrinted(found => found["random_half", arm: "zero-all-random"].Estimate.Value.Should().BeGreaterThanOrEqualTo(-0.01))
        .Judged();

    [Theory, Claim("architecture-split")]
    public void Late_fusion_concentrates_what_early_fusion_distributes(ClaimSpec claim) => claim.Judged();
}
