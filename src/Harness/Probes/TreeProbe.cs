using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Tree ensembles in the held-out protocol, for a single "layer" of few features. Nothing is chosen: the inner folds give the expected AUROC. A number
/// of rounds picked among several by their inner AUROCs would be one more place where a last bit decides.</summary>
public static class TreeProbe
{
    const int BoostingRounds = 50, Bags = 10, ForestTrees = 300;

    /// <summary>Ten bags of 50 boosted trees: weak signals are overfitted by more, strong ones are found by then.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static ProbeResult Boosted(ProbeData data, Split split, int innerFolds = 5, ulong seed = 0) =>
        Run(data, split, innerFolds, seed, "boosted trees", Bags * BoostingRounds,
        (x, features, labels, groups) => TreeEnsemble.Boost(x, features, labels, groups, BoostingRounds, Bags, seed));

    /// <summary>A random forest of 300 trees.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static ProbeResult Forest(ProbeData data, Split split, int innerFolds = 5, ulong seed = 0) =>
        Run(data, split, innerFolds, seed, "random forest", ForestTrees,
        (x, features, labels, groups) => TreeEnsemble.Forest(x, features, labels, groups, ForestTrees, seed));

    static ProbeResult Run(ProbeData data, Split split, int innerFolds, ulong seed, string kind, int trees,
        Func<float[], int, bool[], Groups, TreeEnsemble> fit)
    {
        data.Validate(kind);
        Check.Domain(kind, "layers (features are one layer)", "1", data.States.Layers, data.States.Layers == 1);
        var features = data.States.Units;
        var x = data.Layer(0);
        // Trees need no scale, and bins tell noise from a difference by the size of the values as they are.
        var raw = Standardiser.None(features);
        var fitting = split.Fitting.ToArray();
        var labels = Split.Take<bool>(data.Labels, fitting);
        var folds = Folds.Assign(labels, data.Groups.Select(fitting), innerFolds, seed);
        var (outOfFold, inner) = (new double[data.Labels.Length], 0.0);
        for (var fold = 0; fold < innerFolds; fold++)
        {
            int[] kept = [.. fitting.Where((_, i) => folds[i] != fold)], held = [.. fitting.Where((_, i) => folds[i] == fold)];
            var heldLabels = Split.Take<bool>(data.Labels, held);
            Check.BothClasses($"{kind}, inner fold {fold}", heldLabels);
            var scores = fit(raw.Apply(x, kept), features, Split.Take<bool>(data.Labels, kept), data.Groups.Select(kept)).Decide(raw.Apply(x, held), features);
            inner += Auroc.Value(heldLabels, scores) / innerFolds;
            for (var i = 0; i < held.Length; i++) outOfFold[held[i]] = scores[i];
        }

        var final = fit(raw.Apply(x, fitting), features, labels, data.Groups.Select(fitting));
        var probe = new Fitted(final, features, $"{kind} {trees}", raw, data.Groups, fitting);
        var heldOut = probe.Score(data, split.Scored);
        for (var i = 0; i < heldOut.Rows.Length; i++) outOfFold[heldOut.Rows[i]] = heldOut.Scores[i];
        return new ProbeResult(probe, heldOut, [[inner]], [trees], outOfFold);
    }

    sealed class Fitted(TreeEnsemble ensemble, int features, string kind, Standardiser standardiser, Groups groups, ReadOnlySpan<int> fittingRows)
        : FittedProbe(kind, 0, standardiser, groups, fittingRows)
    {
        private protected override void Decide(float[] z, double[] scores) => ensemble.Decide(z, features).CopyTo(scores, 0);
    }
}

/// <summary>Boosted trees and a random forest for few features (the attention-feature classifier). Small own code, because libraries' trees step at unrounded
/// values, which ties a fit to one processor's last bits; <see cref="TreeBins"/> says what these do instead.</summary>
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

    /// <summary>A random forest (Breiman 2001) whose bootstrap draws whole groups: ⌈√features⌉ features per question, depth 8, 5 rows a leaf; the score is the
    /// log-odds of the mean share.</summary>
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

/// <summary>A question of a tree, or a leaf.</summary>
/// <param name="Feature">Asked about; -1: a leaf.</param>
/// <param name="Edge">Bins up to it go left; a row on its ramp goes both ways.</param>
/// <param name="Left">Index of the node to go to.</param>
/// <param name="Right">Index of the other.</param>
/// <param name="Value">A leaf's.</param>
readonly record struct TreeNode(int Feature, int Edge, int Left, int Right, double Value)
{
    /// <summary>The share of a row that goes left, by its place among the feature's bins (<see cref="TreeBins.Places"/>).</summary>
    public static double ShareLeft(int edge, float place) => Math.Clamp(edge + 1 - place, 0f, 1f);
}

/// <summary>A binary tree over binned features, grown greedily: the question that lowers Σ over leaves of −½ G²/(H + ridge) most, G and H being a leaf's sums
/// of gradients and curvatures (Chen and Guestrin 2016). With curvature 1 and gradient −y that is least squares, so a leaf's value is the share of y: the trees
/// of a forest.</summary>
sealed class RegressionTree
{
    readonly TreeNode[] nodes;

    RegressionTree(TreeNode[] nodes) => this.nodes = nodes;

    /// <summary>Grows a tree; the parameters are <see cref="TreeGrower.Grow"/>'s.</summary>
    public static RegressionTree Grow(float[] places, int features, double[] gradient, double[] curvature, int[] multiplicity,
        TreeOptions options, ref Xoshiro256 random) =>
        new(TreeGrower.Grow(places, features, gradient, curvature, multiplicity, options, ref random));

    /// <summary>The leaf's value for a row; the weighted mean of the leaves that a row on a ramp reaches.</summary>
    public double Value(ReadOnlySpan<float> places) => Value(places, 0);

    double Value(ReadOnlySpan<float> places, int at)
    {
        ref readonly var node = ref nodes[at];
        if (node.Feature < 0) return node.Value;
        var left = TreeNode.ShareLeft(node.Edge, places[node.Feature]);
        if (left == 1) return Value(places, node.Left);
        if (left == 0) return Value(places, node.Right);
        return left * Value(places, node.Left) + (1 - left) * Value(places, node.Right);
    }
}
