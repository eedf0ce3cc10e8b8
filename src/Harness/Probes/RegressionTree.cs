using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>A binary tree over float features, grown greedily: the question that lowers Σ over leaves of −½ G²/(H + ridge) most, G and H being a leaf's sums of gradients and curvatures
/// (Chen and Guestrin 2016, exact greedy). With curvature 1 and gradient −y that is least squares, so a leaf's value is the share of y: the trees of a forest.</summary>
sealed class RegressionTree
{
    readonly List<(int Feature, float Threshold, int Left, int Right, double Value)> nodes = [];

    /// <summary>Grows a tree.</summary>
    /// <param name="x">Rows × features, row-major.</param>
    /// <param name="features">Features per row.</param>
    /// <param name="gradient">Per row.</param>
    /// <param name="curvature">Per row, ≥ 0.</param>
    /// <param name="weight">Multiplicity per row (bootstrap); rows of 0 are out.</param>
    /// <param name="options">Shape.</param>
    /// <param name="random">Draws the features.</param>
    public static RegressionTree Grow(float[] x, int features, double[] gradient, double[] curvature, int[] weight, TreeOptions options, ref Xoshiro256 random)
    {
        var tree = new RegressionTree();
        int[] rows = [.. Enumerable.Range(0, weight.Length).Where(row => weight[row] > 0)];
        tree.Node(x, features, gradient, curvature, weight, rows, options.Depth, options, ref random);
        return tree;
    }

    /// <summary>The leaf's value for a row.</summary>
    public double Value(ReadOnlySpan<float> row)
    {
        var node = nodes[0];
        while (node.Feature >= 0) node = nodes[row[node.Feature] <= node.Threshold ? node.Left : node.Right];
        return node.Value;
    }

    int Node(float[] x, int features, double[] gradient, double[] curvature, int[] weight, int[] rows, int depth, TreeOptions options, ref Xoshiro256 random)
    {
        double g = 0, h = 0, n = 0;
        foreach (var row in rows) (g, h, n) = (g + weight[row] * gradient[row], h + weight[row] * curvature[row], n + weight[row]);
        var index = nodes.Count;
        nodes.Add((-1, 0, 0, 0, -g / (h + options.Ridge)));
        if (depth == 0 || n < 2 * options.MinimumRows) return index;

        var (feature, threshold) = Best(x, features, gradient, curvature, weight, rows, g, h, n, options, ref random);
        if (feature < 0) return index;
        int[] left = [.. rows.Where(row => x[row * features + feature] <= threshold)], right = [.. rows.Where(row => x[row * features + feature] > threshold)];
        var leftNode = Node(x, features, gradient, curvature, weight, left, depth - 1, options, ref random);
        var rightNode = Node(x, features, gradient, curvature, weight, right, depth - 1, options, ref random);
        nodes[index] = (feature, threshold, leftNode, rightNode, 0);
        return index;
    }

    static (int Feature, float Threshold) Best(float[] x, int features, double[] gradient, double[] curvature, int[] weight, int[] rows,
        double g, double h, double n, TreeOptions options, ref Xoshiro256 random)
    {
        var candidates = new int[features];
        for (var f = 0; f < features; f++) candidates[f] = f;
        if (options.Features > 0 && options.Features < features)
        {
            random.Shuffle<int>(candidates);
            Array.Resize(ref candidates, options.Features);
            Array.Sort(candidates);
        }

        // Gains at rounding level are none.
        var (best, bestFeature, bestThreshold) = (1e-12, -1, 0f);
        var keys = new float[rows.Length];
        foreach (var f in candidates)
        {
            var order = (int[])rows.Clone();
            for (var i = 0; i < keys.Length; i++) keys[i] = x[rows[i] * features + f];
            Array.Sort(keys, order);   // equal keys stay together, and only their sums count
            double gl = 0, hl = 0, nl = 0;
            for (var i = 0; i + 1 < order.Length; i++)
            {
                var row = order[i];
                (gl, hl, nl) = (gl + weight[row] * gradient[row], hl + weight[row] * curvature[row], nl + weight[row]);
                if (keys[i + 1] == keys[i] || nl < options.MinimumRows || n - nl < options.MinimumRows) continue;
                var gain = gl * gl / (hl + options.Ridge) + (g - gl) * (g - gl) / (h - hl + options.Ridge) - g * g / (h + options.Ridge);
                if (gain > best) (best, bestFeature, bestThreshold) = (gain, f, keys[i]);
            }
        }

        return (bestFeature, bestThreshold);
    }
}
