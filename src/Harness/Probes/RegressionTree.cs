using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

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

/// <summary>A binary tree over binned features, grown greedily: the question that lowers Σ over leaves of −½ G²/(H + ridge) most, G and H being a leaf's
/// sums of gradients and curvatures (Chen and Guestrin 2016). With curvature 1 and gradient −y that is least squares, so a leaf's value is the share of y: the
/// trees of a forest.</summary>
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
