namespace VrpSpecs;

/// <summary>Claims of the catalogue: the verdict must be the one that ledger.json expects. A claim without an entry is New and fails until somebody has looked and
/// `vrp gate` and `vrp accept --ledger` have recorded it.</summary>
public sealed class CatalogueSpecs
{
    [Theory, Claim("hidden-state-probe")]
    public void Linear_probe_AUROC_on_POPE_exceeds_0_95(ClaimSpec claim) => claim
        .AsPrinted(found => found["auroc", "yes-no", arm: "l2"].Estimate.Value.Should().BeGreaterThan(0.95))
        .Judged();
}
