namespace Vrp.Reliability;

/// <summary>What attention over the image says of an answer (arXiv 2605.08200 §4, 2606.17389 §3).</summary>
public sealed class AttentionSpecs
{
    [Theory, Claim("attention-sharpness")]
    public void Attention_sharpness_R_pb_interval_contains_0(ClaimSpec claim) => claim
        .AsPrinted(found =>
        {
            foreach (var measure in new[] { "r_pb_entropy", "r_pb_k_components", "r_pb_k_dbscan" })
                foreach (var row in found.Rows(measure).Where(row => row is { Kind: "all", Layer: null, Arm: null })) row.Should().ContainZero();
        })
        .Judged();

    [Theory, Claim("attention-heads")]
    public void Top_heads_R2_stays_at_the_printed_few_thousandths(ClaimSpec claim) => claim
        .AsPrinted(found => found["r2_top_heads", "within-kind"].Estimate.Value.Should().BeLessThanOrEqualTo(found.Printed("r2_top_heads")!.Value))
        .Judged();

    [Theory, Claim("attention-classifier")]
    public void Attention_classifier_accuracy_is_within_5_points_of_chance(ClaimSpec claim) => claim
        .AsPrinted(found => found.Rows("accuracy").Where(row => row.Kind == "within-kind").Max(row => row.Estimate.Value).Should().BeInRange(0.45, 0.55))
        .Judged();

    [Theory, Claim("attention-masking")]
    public void Masking_the_top_30_percent_of_patches_lowers_accuracy(ClaimSpec claim) => claim
        .AsPrinted(found =>
        {
            found["accuracy_difference", arm: "high"].Estimate.Value.Should().BeNegative();
            found["mcnemar_p", arm: "high"].Estimate.Value.Should().BeLessThan(0.001);
        })
        .Judged();

    [Theory, Claim("attention-evolution")]
    public void Attention_entropy_changes_over_the_layers_as_the_family_s_does(ClaimSpec claim) => claim
        .AsPrinted(found =>
        {
            double Step(int studyLayer) => found["delta_entropy", "all", Math.Max(1, found.Layer(studyLayer))].Estimate.Value;
            switch (found.Family)
            {
                case Vrp.Harness.Claims.ModelFamily.Llava:
                    Step(2).Should().BeApproximately(-2.5, 0.5);
                    Step(31).Should().BeApproximately(1.0, 0.5);
                    break;
                case Vrp.Harness.Claims.ModelFamily.PaliGemma:
                    found.Rows("delta_entropy").Where(row => row.Arm is null).Should().OnlyContain(row => row.Estimate.Value < 0);
                    break;
                default:
                    Step(17).Should().BeNegative();
                    Step(25).Should().BeNegative();
                    break;
            }
        })
        .Judged();
}
