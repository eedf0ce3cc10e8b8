namespace VrpSpecs;

/// <summary>Claims of the study (docs/claims.md): the verdict must be the one that ledger.json expects. A claim without an entry is New and fails until
/// somebody has looked and `vrp gate` and `vrp accept --ledger` have recorded it.</summary>
public sealed class CatalogueSpecs
{
    [Theory, Claim<HiddenStateProbe>]
    public void Linear_probe_AUROC_on_POPE_exceeds_0_95(ClaimSpec claim) => claim
        .AsPrinted(study => study.Probe.Auroc.Value.Should().BeGreaterThan(0.95))
        .Judged(study =>
        {
            study.Probe.Auroc.Should().Exceed(0.95);
            study.Probe.WithinPredictedYes?.Should().Exceed(0.5);
            study.Probe.WithinPredictedNo?.Should().Exceed(0.5);
        });
}
