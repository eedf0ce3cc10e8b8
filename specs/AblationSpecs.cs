namespace Vrp.Reliability;

/// <summary>What switching units off does (arXiv 2605.08200 §6).</summary>
public sealed class AblationSpecs
{
    [Theory, Claim<NeuronAblation>]
    public void Top5_ablation_drops_accuracy_by_5_points(ClaimSpec claim) => claim
        .AsPrinted(study => study.Ablation.ByLayer[0].Loss.Value.Should().BeLessThanOrEqualTo(-0.05))
        .Judged(study => study.Ablation.ByLayer.Should().Contain(top5 => top5.Loss.High < -0.05 && top5.ExcessOverRandom.High < 0));

    [Theory, Claim<LayerDestruction>]
    public void Losing_half_of_the_layer_costs_at_most_1_point(ClaimSpec claim) => claim
        .AsPrinted(study => study.Destruction.RandomHalf.Value.Should().BeGreaterThanOrEqualTo(-0.01))
        .Judged(study =>
        {
            study.Destruction.RandomHalf.Should().NotBeInferiorTo(-0.01);
            study.Destruction.TopHalf.Should().NotBeInferiorTo(-0.01);
        });

    [Theory, Claim<ArchitectureSplit>]
    public void Late_fusion_concentrates_what_early_fusion_distributes(ClaimSpec claim) => claim
        .JudgedOverAll(all => all.ExcessDifferences.Should().AllSatisfy(lateMinusEarly => lateMinusEarly.Should().BeBelow(-0.01)));
}
