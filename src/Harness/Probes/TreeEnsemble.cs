using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Boosted trees and a random forest for few features (the attention-feature classifier). Small own code, because libraries' trees step at
/// unrounded values, which ties a fit to one processor's last bits; <see cref="TreeBins"/> says what these do instead.</summary>
sealed class TreeEnsemble
{
    readonly RegressionTree[] trees;
    readonly TreeBins bins;
    readonly double start, rate;
    readonly bool isForest;

    TreeEnsemble(RegressionTree[] trees, TreeBins bins, double start, double rate, bool isForest) =>
        (this.trees, this.bins, this.start, this.rate, this.isForest) = (trees, bins, start, rate, isForest);

    /// <summary>Gradient boosting of the log loss (Friedman 2001, leaves by Newton's step): depth 3, rate 0.1, 10 rows a leaf, ridge 1. The mean of several
    /// such ensembles, each on a bootstrap of whole groups (bagged boosting, Suen et al. 2005): where noise makes one of them ask another question, and all of
    /// its later trees with it, the others stay.</summary>
    public static TreeEnsemble Boost(float[] x, int features, bool[] labels, Groups groups, int rounds, int bags, ulong seed)
    {
        Check.BothClasses("boosted trees", labels);
        var (trees, starts, bins) = (new RegressionTree[bags * rounds], new double[bags], TreeBins.Of(x, features));
        var places = bins.Places(x);
        const double Rate = 0.1;
        InParallel.For(bags, bag =>
        {
            var random = Xoshiro256.Stream(seed, bag);
            var weight = Bootstrap(groups, labels.Length, ref random);
            double positives = 0.5, negatives = 0.5;                                     // a bag of one class has log-odds too
            for (var i = 0; i < labels.Length; i++) (positives, negatives) = labels[i] ? (positives + weight[i], negatives)
                : (positives, negatives + weight[i]);
            starts[bag] = Math.Log(positives / negatives);
            var (decision, gradient, curvature) = (new double[labels.Length], new double[labels.Length], new double[labels.Length]);
            Array.Fill(decision, starts[bag]);
            for (var t = 0; t < rounds; t++)
            {
                for (var i = 0; i < decision.Length; i++)
                {
                    var p = 1 / (1 + Math.Exp(-decision[i]));
                    (gradient[i], curvature[i]) = (p - (labels[i] ? 1 : 0), p * (1 - p));
                }

                var tree = trees[bag * rounds + t] = RegressionTree.Grow(places, features, gradient, curvature, weight, new TreeOptions(3, 10, 0, 1),
                    ref random);
                for (var i = 0; i < decision.Length; i++) decision[i] += Rate * tree.Value(places.AsSpan(i * features, features));
            }
        });
        return new TreeEnsemble(trees, bins, starts.Average(), Rate / bags, isForest: false);
    }

    /// <summary>A random forest (Breiman 2001) whose bootstrap draws whole groups: ⌈√features⌉ features per question, depth 8, 5 rows a leaf; the score is
    /// the log-odds of the mean share.</summary>
    public static TreeEnsemble Forest(float[] x, int features, bool[] labels, Groups groups, int count, ulong seed)
    {
        Check.BothClasses("random forest", labels);
        double[] gradient = [.. labels.Select(label => label ? -1.0 : 0)], curvature = [.. labels.Select(_ => 1.0)];
        var (trees, bins) = (new RegressionTree[count], TreeBins.Of(x, features));
        var places = bins.Places(x);
        InParallel.For(count, t =>
        {
            var random = Xoshiro256.Stream(seed, t);
            var weight = Bootstrap(groups, labels.Length, ref random);
            trees[t] = RegressionTree.Grow(places, features, gradient, curvature, weight,
                new TreeOptions(8, 5, (int)Math.Ceiling(Math.Sqrt(features)), 1e-9), ref random);
        });
        return new TreeEnsemble(trees, bins, 0, 1.0 / count, isForest: true);
    }

    /// <summary>How often each row is drawn when as many whole groups are drawn as there are.</summary>
    static int[] Bootstrap(Groups groups, int rows, ref Xoshiro256 random)
    {
        var weight = new int[rows];
        for (var draw = 0; draw < groups.Count; draw++)
            foreach (var row in groups.Rows(random.NextInt(groups.Count))) weight[row]++;
        return weight;
    }

    /// <summary>Log-odds of every row.</summary>
    public double[] Decide(ReadOnlySpan<float> x, int features)
    {
        var (scores, places) = (new double[x.Length / features], bins.Places(x));
        for (var i = 0; i < scores.Length; i++)
        {
            var row = places.AsSpan(i * features, features);
            var sum = start;
            foreach (var tree in trees) sum += rate * tree.Value(row);
            // A share of 0 or 1 has no log-odds: kept half a row of a thousand away.
            scores[i] = isForest ? Math.Log(Math.Clamp(sum, 5e-4, 1 - 5e-4) / (1 - Math.Clamp(sum, 5e-4, 1 - 5e-4))) : sum;
        }

        return scores;
    }
}
