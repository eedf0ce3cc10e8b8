using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Folds that keep groups (images) whole and have about the same share of both labels (the idea of scikit-learn's StratifiedGroupKFold, own order and
/// seed).</summary>
public static class Folds
{
    /// <summary>The fold, 0 … folds − 1, of every row. Groups are shuffled by the seed, sorted by size from the largest, and each goes where
    /// Σ_class (rows of the class / its target)² grows least; ties to the lower fold.</summary>
    /// <exception cref="TooFewException">Fewer groups than folds, or fewer than two folds.</exception>
    public static int[] Assign(ReadOnlySpan<bool> labels, Groups groups, int folds, ulong seed)
    {
        Check.NotEmpty("folds", labels.Length);
        Check.SameLength("folds", "groups", labels.Length, groups.Length);
        Check.AtLeast("folds", "folds", 2, folds);
        Check.AtLeast("folds", "groups", folds, groups.Count);
        var counts = new (double Positive, double Negative)[groups.Count];
        for (var row = 0; row < labels.Length; row++)
            if (labels[row]) counts[groups.Of[row]].Positive++;
            else counts[groups.Of[row]].Negative++;
        double targetPositive = Math.Max(1, labels.Count(true)) / (double)folds, targetNegative = Math.Max(1, labels.Count(false)) / (double)folds;

        var order = new int[groups.Count];
        for (var g = 0; g < order.Length; g++) order[g] = g;
        new Xoshiro256(seed).Shuffle<int>(order);
        order = [.. order.OrderByDescending(g => groups.Rows(g).Length)];   // LINQ's sort is stable: the shuffle decides among equal sizes
        var filled = new (double Positive, double Negative)[folds];
        var foldOfGroup = new int[groups.Count];
        foreach (var g in order)
        {
            var best = 0;
            var least = double.PositiveInfinity;
            for (var fold = 0; fold < folds; fold++)
            {
                // Increase of the squares: (a + b)² − a² = b(2a + b).
                double p = counts[g].Positive / targetPositive, n = counts[g].Negative / targetNegative;
                var cost = p * (2 * filled[fold].Positive / targetPositive + p) + n * (2 * filled[fold].Negative / targetNegative + n);
                if (cost < least) (best, least) = (fold, cost);
            }

            filled[best] = (filled[best].Positive + counts[g].Positive, filled[best].Negative + counts[g].Negative);
            foldOfGroup[g] = best;
        }

        var assigned = new int[labels.Length];
        for (var row = 0; row < assigned.Length; row++) assigned[row] = foldOfGroup[groups.Of[row]];
        return assigned;
    }
}
