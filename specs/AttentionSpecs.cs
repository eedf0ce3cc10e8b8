namespace Vrp.Reliability;

/// <summary>What attention over the image says of an answer (arXiv 2605.08200 §4, 2606.17389 §3).</summary>
public sealed class AttentionSpecs
{
    [Theory, Claim<AttentionSharpness>]
    public void Attention_sharpness_R_pb_interval_contains_0(ClaimSpec claim) => claim
        .AsPrinted(study => study.Sharpness.Pooled.Should().AllSatisfy(r => r.Should().ContainZero()))
        .Judged(study => study.Sharpness.Judging.Should().AllSatisfy(r => r.Should().BeEquivalentToZeroWithin(0.1)));

    [Theory, Claim<AttentionHeads>]
    public void Top_heads_R2_stays_at_the_printed_few_thousandths(ClaimSpec claim) => claim
        .AsPrinted(study => study.Heads.RSquared.Value.Should().BeLessThanOrEqualTo(study.ByFamily(llava: 0.008, paliGemma: 0.080, qwen2VL: 0.007)))
        .Judged(study => study.Heads.RSquared.Should().BeBelow(0.02));

    [Theory, Claim<AttentionClassifier>]
    public void Attention_classifier_accuracy_is_within_5_points_of_chance(ClaimSpec claim) => claim
        .AsPrinted(study => study.AttentionClassifier.BestAccuracy.Value.Should().BeInRange(0.45, 0.55))
        .Judged(study => study.AttentionClassifier.Aurocs.Should().AllSatisfy(auroc => auroc.Should().BeEquivalentTo(0.5, 0.05)));

    [Theory, Claim<AttentionMasking>]
    public void Masking_the_top_30_percent_of_patches_lowers_accuracy(ClaimSpec claim) => claim
        .AsPrinted(study =>
        {
            study.Masking.Loss.Value.Should().BeNegative();
            study.Masking.LossP.Value.Should().BeLessThan(0.001);
        })
        .Judged(study =>
        {
            study.Masking.HighMinusFull.Should().BeBelow(-0.01);
            study.Masking.HighMinusRandom.Should().BeBelow(-0.01);
        });

    [Theory, Claim<AttentionEvolution>]
    public void Attention_entropy_changes_over_the_layers_as_the_family_s_does(ClaimSpec claim) => claim
        .AsPrinted(study =>
        {
            switch (study.ModelFamily)
            {
                case ModelFamily.Llava:
                    study.Evolution.StepAt(2).Value.Should().BeApproximately(-2.5, 0.5);
                    study.Evolution.StepAt(31).Value.Should().BeApproximately(1.0, 0.5);
                    break;
                case ModelFamily.PaliGemma:
                    study.Evolution.Steps.Should().OnlyContain(step => step.Value < 0);
                    break;
                default:
                    study.Evolution.StepAt(17).Value.Should().BeNegative();
                    study.Evolution.StepAt(25).Value.Should().BeNegative();
                    break;
            }
        })
        .Judged(study =>
        {
            switch (study.ModelFamily)
            {
                case ModelFamily.Llava:
                    study.Evolution.FirstThird.Should().BeBelow(0);
                    study.Evolution.LastStep.Should().Exceed(0);
                    break;
                case ModelFamily.PaliGemma:
                    study.Evolution.Thirds.Should().AllSatisfy(third => third.Should().BeBelow(0));
                    break;
                default:
                    study.Evolution.ResharpeningLayers.Value.Should().BeGreaterThanOrEqualTo(2);
                    break;
            }
        });
}
