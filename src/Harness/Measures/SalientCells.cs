using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>The cells of an attention map that stand out, as ascending row-major indices.</summary>
public static class SalientCells
{
    /// <summary>The ⌈n·share⌉ largest cells by rank (not "≥ the 90th percentile", which takes more when values tie); ties by the lower row-major
    /// index.</summary>
    /// <exception cref="OutOfDomainException">A share outside (0, 1].</exception>
    public static int[] TopByRank(AttentionMap map, double share = 0.1)
    {
        Check.Domain("top cells by rank", "share", "above 0 and at most 1", share, share is > 0 and <= 1);
        // 1e-9 keeps 0.1·30 = 3.0000000000000004 from becoming four cells.
        return Sorted(map.Order(), (int)Math.Ceiling(map.Mass.Length * share - 1e-9));
    }

    /// <summary>The shortest run of largest cells whose mass reaches the share (less 1e-12 for rounding); ties by the lower row-major index.</summary>
    /// <exception cref="OutOfDomainException">A share outside (0, 1].</exception>
    public static int[] TopByMass(AttentionMap map, double share = 0.3)
    {
        Check.Domain("top cells by mass", "share", "above 0 and at most 1", share, share is > 0 and <= 1);
        var order = map.Order();
        var sum = 0.0;
        for (var k = 0; k < order.Length; k++)
        {
            sum += map.Mass[order[k]];
            if (sum >= share - 1e-12) return Sorted(order, k + 1);
        }

        return Sorted(order, order.Length);
    }

    /// <summary>The cells with the smallest attention, as many as asked: the LOW arm of patch masking. Ties by the higher row-major index, so that it is
    /// disjoint from the top as long as it can be.</summary>
    /// <exception cref="OutOfDomainException">A count outside 0 … n.</exception>
    public static int[] Bottom(AttentionMap map, int count)
    {
        Check.Domain("bottom cells", "count", $"between 0 and {map.Mass.Length}", count, count >= 0 && count <= map.Mass.Length);
        var order = map.Order();
        Array.Reverse(order);
        return Sorted(order, count);
    }

    static int[] Sorted(int[] order, int count)
    {
        var cells = order[..count];
        Array.Sort(cells);
        return cells;
    }
}
