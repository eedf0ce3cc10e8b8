namespace Vrp.Reliability;

/// <summary>What hidden states say of an answer, and how reliability forms over the layers (arXiv 2605.08200 §5).</summary>
public sealed class HiddenStateSpecs
{
    [Theory, Claim<HiddenStateProbe>]
    public void Linear_probe_AUROC_on_POPE_exceeds_0_95(ClaimSpec claim) => claim
        .AsPrinted(study => study.Probe.Auroc.Value.Should().BeGreaterThan(0.95))
        .Judged(study =>
        {
            study.Probe.Auroc.Should().Exceed(0.95);
            study.Probe.PermutationP.Value.Should().BeLessThanOrEqualTo(0.05);
            study.Probe.WithinPredictedYes?.Should().Exceed(0.5);
            study.Probe.WithinPredictedNo?.Should().Exceed(0.5);
        });

    [Theory, Claim<SparseProbe>]
    public void Sparse_probe_reaches_the_printed_accuracy_with_6_percent_of_the_units(ClaimSpec claim) => claim
        .AsPrinted(study =>
        {
            (100 * study.SparseProbe.Accuracy.Value).Should().BeGreaterThanOrEqualTo(study.ByFamily(llava: 88, paliGemma: 100, qwen2VL: 100));
            study.SparseProbe.NonzeroShare.Value.Should().BeLessThanOrEqualTo(0.06);
        })
        .Judged(study =>
        {
            study.SparseProbe.SparseMinusDense.Should().NotBeInferiorTo(-0.05);
            study.SparseProbe.DenseAuroc.Should().Exceed(0.5);
        });

    [Theory, Claim<LogitLens>]
    public void Truth_margin_peaks_in_the_last_third_and_mostly_by_MLPs(ClaimSpec claim) => claim
        .AsPrinted(study =>
        {
            (study.LogitLens.PeakLayer.Value / (study.Layers - 1)).Should().BeGreaterThanOrEqualTo(2.0 / 3);
            study.LogitLens.MlpShare.Value.Should().BeGreaterThan(0.5);
        })
        .Judged(study =>
        {
            study.LogitLens.PeakDepth.Should().Exceed(2.0 / 3 - 1e-6, "a peak at two thirds of the depth is late");
            study.LogitLens.MlpShare.Should().Exceed(0.5);
        });

    [Theory, Claim<Fusion>]
    public void Fusion_of_all_signals_reaches_the_printed_AUROC(ClaimSpec claim) => claim
        .AsPrinted(study => study.Fusion.Auroc.Value.Should().BeGreaterThanOrEqualTo(study.ByFamily(llava: 0.956, paliGemma: 0.738, qwen2VL: 0.971)))
        .Judged(study => study.Fusion.Auroc.Should().Exceed(0.95));
}
