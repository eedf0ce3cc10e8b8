using FsCheck;
using FsCheck.Xunit;
using Vrp.Builder.World.Building;
using Vrp.Models;

namespace Vrp.Harness.Tests.Builder;

public class BalancedSelectionTests
{
    [Property]
    public bool Quotas_AnyCapacities_AreEvenUpToCapacity(NonNegativeInt[] sizes, NonNegativeInt wanted)
    {
        int[] capacities = [.. sizes.Select(s => s.Get % 50)];
        int total = Math.Min(wanted.Get, capacities.Sum());
        int[] quotas = BalancedSelection.Quotas(capacities, total, "test");
        int most = quotas.DefaultIfEmpty().Max();
        return quotas.Sum() == total && quotas.Zip(capacities).All(q => q.First <= q.Second && (q.First >= most - 1 || q.First == q.Second));
    }

    [Fact]
    public void Quotas_TooFewCandidates_SaysHowMany()
    {
        var quotas = () => BalancedSelection.Quotas([2, 3], 6, "spatial");
        quotas.Should().Throw<VrpException>().WithMessage("*6 questions of kind spatial*allow 5*");
    }
}
