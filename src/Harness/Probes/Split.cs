using System.Security.Cryptography;
using System.Text;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Rows to fit on and rows to score, no image in both. There is no way to make one that leaks.</summary>
public sealed class Split
{
    readonly int[] fitting;
    readonly int[] scored;

    Split(int[] fitting, int[] scored, ulong seed) => (this.fitting, this.scored, Seed) = (fitting, scored, seed);

    /// <summary>Rows that everything is chosen and fitted on, ascending.</summary>
    public ReadOnlySpan<int> Fitting => fitting;

    /// <summary>Rows that are scored once, ascending.</summary>
    public ReadOnlySpan<int> Scored => scored;

    /// <summary>Seed of the assignment.</summary>
    public ulong Seed { get; }

    /// <summary>Half of the images for fitting, the other half for scoring, by nothing but the images' names and what is asked about them: every model that
    /// answers the same questions is fitted and scored on the same images, so that runs can be compared question by question. Images about which the same kinds
    /// of questions are asked are halved among themselves. The protocol of everything that carries an interval.</summary>
    /// <param name="images">Name of every row's image.</param>
    /// <param name="kinds">Kind of every row's question.</param>
    /// <param name="labels">Of every row; looked at only to refuse a half of one class.</param>
    /// <param name="groups">Of <paramref name="images"/>.</param>
    /// <param name="seed">Of the assignment: images are ordered by the SHA-256 of seed and name.</param>
    /// <exception cref="TooFewException">Fewer than two images. One class in either half: <see cref="OneClassException"/>.</exception>
    public static Split HalfOfImages(IReadOnlyList<string> images, IReadOnlyList<string> kinds, ReadOnlySpan<bool> labels, Groups groups, ulong seed)
    {
        Check.SameLength("half split", "images", labels.Length, images.Count);
        Check.SameLength("half split", "kinds", labels.Length, kinds.Count);
        if (groups.Count < 2) throw new TooFewException("half split", "images", 2, groups.Count);
        var asked = Enumerable.Range(0, groups.Count).Select(group => (Group: group, Name: images[groups.Rows(group)[0]],
            Kinds: string.Join(",", groups.Rows(group).ToArray().Select(row => kinds[row]).Order(StringComparer.Ordinal))));
        var inOrder = asked.OrderBy(image => image.Kinds, StringComparer.Ordinal).ThenBy(image => Place(image.Name, seed), StringComparer.Ordinal).ToArray();
        var fold = new int[labels.Length];
        for (var i = 0; i < inOrder.Length; i++)
            foreach (var row in groups.Rows(inOrder[i].Group)) fold[row] = i % 2;
        return Of(labels, fold, 1, seed);
    }

    static string Place(string image, ulong seed) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{image}")));

    /// <summary>Half of the images, labels stratified: for data whose rows have no names.</summary>
    /// <exception cref="TooFewException">Fewer than two groups. One class only, or in either half: <see cref="OneClassException"/>.</exception>
    public static Split Half(ReadOnlySpan<bool> labels, Groups groups, ulong seed)
    {
        Check.BothClasses("half split", labels);
        var fold = Folds.Assign(labels, groups, 2, seed);
        return Of(labels, fold, 1, seed);
    }

    /// <summary>Cross-fitting: split i scores fold i and fits on the others.</summary>
    /// <exception cref="TooFewException">Fewer groups than folds. One class in a part: <see cref="OneClassException"/>.</exception>
    public static Split[] Cross(ReadOnlySpan<bool> labels, Groups groups, int folds, ulong seed)
    {
        Check.BothClasses("cross-fitting", labels);
        var fold = Folds.Assign(labels, groups, folds, seed);
        var splits = new Split[folds];
        for (var i = 0; i < folds; i++) splits[i] = Of(labels, fold, i, seed);
        return splits;
    }

    /// <summary>From chosen rows, for splits that come with a data set.</summary>
    /// <exception cref="GroupLeakException">A group on both sides. An empty side: <see cref="EmptyInputException"/>; one class:
    /// <see cref="OneClassException"/>.</exception>
    public static Split Of(ReadOnlySpan<int> fitting, ReadOnlySpan<int> scored, ReadOnlySpan<bool> labels, Groups groups)
    {
        Check.NotEmpty("split, fitting part", fitting.Length);
        Check.NotEmpty("split, scored part", scored.Length);
        Check.SameLength("split", "groups", labels.Length, groups.Length);
        Groups.ThrowIfDuplicated("split, fitting part", fitting.ToArray());
        Groups.ThrowIfDuplicated("split, scored part", scored.ToArray());
        var inFitting = new bool[groups.Count];
        foreach (var row in fitting) inFitting[groups.Of[row]] = true;
        foreach (var row in scored)
            if (inFitting[groups.Of[row]]) throw new GroupLeakException("split", groups.Of[row]);
        return Checked([.. fitting.ToArray().Order()], [.. scored.ToArray().Order()], labels, 0);
    }

    static Split Of(ReadOnlySpan<bool> labels, int[] fold, int scoredFold, ulong seed) => Checked(
        [.. Enumerable.Range(0, fold.Length).Where(row => fold[row] != scoredFold)],
            [.. Enumerable.Range(0, fold.Length).Where(row => fold[row] == scoredFold)], labels, seed);

    static Split Checked(int[] fitting, int[] scored, ReadOnlySpan<bool> labels, ulong seed)
    {
        Check.BothClasses("split, fitting part", Take(labels, fitting));
        Check.BothClasses("split, scored part", Take(labels, scored));
        return new Split(fitting, scored, seed);
    }

    internal static T[] Take<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length];
        for (var i = 0; i < taken.Length; i++) taken[i] = values[rows[i]];
        return taken;
    }
}

/// <summary>Folds that keep groups (images) whole and have about the same share of both labels (the idea of scikit-learn's StratifiedGroupKFold, own order and
/// seed).</summary>
public static class Folds
{
    /// <summary>The fold, 0 … folds − 1, of every row. Groups are shuffled by the seed, sorted by size from the largest, and each goes where Σ_class (rows of
    /// the class / its target)² grows least; ties to the lower fold.</summary>
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
