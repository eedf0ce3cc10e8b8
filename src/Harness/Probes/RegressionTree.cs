using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>A binary tree over float features, grown greedily: the question that lowers Σ over leaves of −½ G²/(H + ridge) most, G and H being a leaf's sums of gradients and curvatures
/// (Chen and Guestrin 2016, exact greedy). With curvature 1 and gradient −y that is least squares, so a leaf's value is the share of y: the trees of a forest.</summary>
sealed class RegressionTree
{
    readonly TreeNode[] nodes;

    RegressionTree(TreeNode[] nodes) => this.nodes = nodes;

    /// <summary>Grows a tree; the parameters are <see cref="TreeGrower.Grow"/>'s.</summary>
    public static RegressionTree Grow(TreeRows rows, double[] gradient, double[] curvature, int[] multiplicity, TreeOptions options, ref Xoshiro256 random) =>
        new(TreeGrower.Grow(rows, gradient, curvature, multiplicity, options, ref random));

    /// <summary>The leaf's value for a row.</summary>
    public double Value(ReadOnlySpan<float> row)
    {
        ref readonly var node = ref nodes[0];
        while (node.Feature >= 0) node = ref nodes[row[node.Feature] <= node.Threshold ? node.Left : node.Right];
        return node.Value;
    }
}
