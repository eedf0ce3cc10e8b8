namespace Vrp.Reliability;

/// <summary>What hidden states say of an answer, and how reliability forms over the layers (arXiv 2605.08200 §5).</summary>
public sealed class HiddenStateSpecs
{
    [Theory, Claim("hidden-state-probe")]
    public void Linear_probe_AUROC_on_POPE_exceeds_0_95(ClaimSpec claim) => claim
        .AsPrinted(found => found["auroc", "yes-no", arm: "l2"].Estimate.Value.Should().BeGreaterThan(0.95))
        .Judged();

    [Theory, Claim("sparse-probe")]
    public void Sparse_probe_reaches_the_printed_accuracy_with_6_percent_of_the_units(ClaimSpec claim) => claim
        .AsPrinted(found =>
        {
            (100 * found["accuracy", "yes-no", arm: "l1"].Estimate.Value).Should().BeGreaterThanOrEqualTo(found.Printed("accuracy")!.Value);
            found["nonzero_share", "yes-no", arm: "l1"].Estimate.Value.Should().BeLessThanOrEqualTo(0.06);
        })
        .Judged();

    [Theory, Claim("logit-lens")]
    public void Truth_margin_peaks_in_the_last_third_and_mostly_by_MLPs(ClaimSpec claim) => claim
        .AsPrinted(found =>
        {
            (found["peak_layer"].Estimate.Value / (found.Study.Layers - 1.0)).Should().BeGreaterThanOrEqualTo(2.0 / 3);
            found["mlp_share"].Estimate.Value.Should().BeGreaterThan(0.5);
        })
        .Judged();

    [Theory, Claim("fusion")]
    public void Fusion_of_all_signals_reaches_the_printed_AUROC(ClaimSpec claim) => claim
        .AsPrinted(found => found["auroc", "yes-no", arm: "fusion"].Estimate.Value.Should().BeGreaterThanOrEqualTo(found.Printed("auroc")!.Value))
        .Judged();
}
