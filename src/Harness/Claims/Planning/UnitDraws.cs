using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Planning;

/// <summary>Random sets of units to ablate beside the ranked ones.</summary>
static class UnitDraws
{
    /// <summary>k of all units.</summary>
    public static int[] Random(int units, int k, ref Xoshiro256 random)
    {
        var all = Enumerable.Range(0, units).ToArray();
        random.Shuffle<int>(all);
        return [.. all[..k].Order()];
    }

    /// <summary>k units outside the top k with about its activation norm: each top unit, in random order, is replaced by one of the nearest in root mean square
    /// that is neither top nor taken. With k beyond half of the layer there are not enough others: the rest are taken from the top.</summary>
    /// <param name="rms">Root mean square of every unit's activation on the reference images.</param>
    /// <param name="top">The ranked units to match.</param>
    /// <param name="random">Generator.</param>
    public static int[] Matched(double[] rms, IReadOnlyList<int> top, ref Xoshiro256 random)
    {
        const int nearest = 5;
        var order = top.ToArray();
        random.Shuffle<int>(order);
        var excluded = top.ToHashSet();
        var free = Enumerable.Range(0, rms.Length).Where(unit => !excluded.Contains(unit)).ToList();
        var drawn = new List<int>();
        foreach (var unit in order)
        {
            if (free.Count == 0) break;
            var near = free.OrderBy(other => Math.Abs(Math.Log(rms[other] + 1e-30) - Math.Log(rms[unit] + 1e-30))).ThenBy(other => other).Take(nearest).ToArray();
            var chosen = near[random.NextInt(near.Length)];
            free.Remove(chosen);
            drawn.Add(chosen);
        }

        drawn.AddRange(order.Take(top.Count - drawn.Count));
        return [.. drawn.Order()];
    }
}
