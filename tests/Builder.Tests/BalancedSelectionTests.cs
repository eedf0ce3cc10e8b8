using FsCheck;
using FsCheck.Xunit;
using Vrp.Builder.World.Building;

namespace Vrp.Builder.Tests;

public class BalancedSelectionTests
{
    [Property]
    public bool Quotas_AnyCapacities_AreEvenUpToCapacity(NonNegativeInt[] sizes, NonNegativeInt wanted)
    {
        int[] capacities = [.. sizes.Select(s => s.Get % 50)];
        var total = Math.Min(wanted.Get, capacities.Sum());
        var quotas = BalancedSelection.Quotas(capacities, total);
        var most = quotas.DefaultIfEmpty().Max();
        return quotas.Sum() == total && quotas.Zip(capacities).All(q => q.First <= q.Second && (q.First >= most - 1 || q.First == q.Second));
    }

    [Theory]
    [InlineData(3, new[] { 1, 1, 1 })]
    [InlineData(6, new[] { 2, 1, 3 })]
    [InlineData(9, new[] { 2, 1, 6 })]
    [InlineData(99, new[] { 2, 1, 8 })]
    public void Quotas_ScarceCells_LeaveTheirShareToTheOthers(int total, int[] expected) => BalancedSelection.Quotas([2, 1, 8], total).Should().Equal(expected);
}
