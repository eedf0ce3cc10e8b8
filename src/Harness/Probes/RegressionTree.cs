using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>A binary tree over float features, grown greedily: the question that lowers Σ over leaves of −½ G²/(H + ridge) most, G and H being a leaf's sums of gradients and curvatures
/// (Chen and Guestrin 2016, exact greedy). With curvature 1 and gradient −y that is least squares, so a leaf's value is the share of y: the trees of a forest.</summary>
sealed class RegressionTree
{
    readonly List<(int Feature, float Threshold, int Left, int Right, double Value)> nodes = [];

    /// <summary>Rows in ascending order of each feature, equal ones by number: what all trees of an ensemble share, so that no node has to sort.</summary>
    /// <param name="x">Rows × features, row-major.</param>
    /// <param name="features">Features per row.</param>
    public static int[][] Order(float[] x, int features)
    {
        var orders = new int[features][];
        for (var f = 0; f < features; f++)
        {
            var keys = new float[x.Length / features];
            for (var row = 0; row < keys.Length; row++) keys[row] = x[row * features + f];
            orders[f] = [.. Enumerable.Range(0, keys.Length).OrderBy(row => keys[row])];
        }

        return orders;
    }

    /// <summary>Grows a tree.</summary>
    /// <param name="x">Rows × features, row-major.</param>
    /// <param name="orders">Of <paramref name="x"/> (<see cref="Order"/>).</param>
    /// <param name="gradient">Per row.</param>
    /// <param name="curvature">Per row, ≥ 0.</param>
    /// <param name="weight">Multiplicity per row (bootstrap); rows of 0 are out.</param>
    /// <param name="options">Shape.</param>
    /// <param name="random">Draws the features.</param>
    public static RegressionTree Grow(float[] x, int[][] orders, double[] gradient, double[] curvature, int[] weight, TreeOptions options, ref Xoshiro256 random)
    {
        var tree = new RegressionTree();
        tree.Node(x, Part(orders, weight.Length, row => weight[row] > 0), gradient, curvature, weight, options.Depth, options, ref random);
        return tree;
    }

    /// <summary>The leaf's value for a row.</summary>
    public double Value(ReadOnlySpan<float> row)
    {
        var node = nodes[0];
        while (node.Feature >= 0) node = nodes[row[node.Feature] <= node.Threshold ? node.Left : node.Right];
        return node.Value;
    }

    int Node(float[] x, int[][] orders, double[] gradient, double[] curvature, int[] weight, int depth, TreeOptions options, ref Xoshiro256 random)
    {
        double g = 0, h = 0, n = 0;
        foreach (var row in orders[0]) (g, h, n) = (g + weight[row] * gradient[row], h + weight[row] * curvature[row], n + weight[row]);
        var index = nodes.Count;
        nodes.Add((-1, 0, 0, 0, -g / (h + options.Ridge)));
        if (depth == 0 || n < 2 * options.MinimumRows) return index;

        var (feature, threshold) = Best(x, orders, gradient, curvature, weight, g, h, n, options, ref random);
        if (feature < 0) return index;
        var features = orders.Length;
        var leftNode = Node(x, Part(orders, weight.Length, row => x[row * features + feature] <= threshold), gradient, curvature, weight, depth - 1, options, ref random);
        var rightNode = Node(x, Part(orders, weight.Length, row => x[row * features + feature] > threshold), gradient, curvature, weight, depth - 1, options, ref random);
        nodes[index] = (feature, threshold, leftNode, rightNode, 0);
        return index;
    }

    /// <summary>Some rows, in each feature's order still.</summary>
    static int[][] Part(int[][] orders, int rows, Func<int, bool> keep)
    {
        // Asked once a row, not once a row and feature.
        var (parts, kept, count) = (new int[orders.Length][], new bool[rows], 0);
        foreach (var row in orders[0])
            if (kept[row] = keep(row)) count++;
        for (var f = 0; f < orders.Length; f++)
        {
            var (part, at) = (new int[count], 0);
            foreach (var row in orders[f])
                if (kept[row]) part[at++] = row;
            parts[f] = part;
        }

        return parts;
    }

    static (int Feature, float Threshold) Best(float[] x, int[][] orders, double[] gradient, double[] curvature, int[] weight,
        double g, double h, double n, TreeOptions options, ref Xoshiro256 random)
    {
        var features = orders.Length;
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
        foreach (var f in candidates)
        {
            var order = orders[f];
            double gl = 0, hl = 0, nl = 0;
            for (var i = 0; i + 1 < order.Length; i++)
            {
                var row = order[i];
                (gl, hl, nl) = (gl + weight[row] * gradient[row], hl + weight[row] * curvature[row], nl + weight[row]);
                var key = x[row * features + f];
                // Equal keys stay together, and only their sums count.
                if (x[order[i + 1] * features + f] == key || nl < options.MinimumRows || n - nl < options.MinimumRows) continue;
                var gain = gl * gl / (hl + options.Ridge) + (g - gl) * (g - gl) / (h - hl + options.Ridge) - g * g / (h + options.Ridge);
                if (gain > best) (best, bestFeature, bestThreshold) = (gain, f, key);
            }
        }

        return (bestFeature, bestThreshold);
    }
}
