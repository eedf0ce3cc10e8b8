using System.Buffers;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Grows one <see cref="RegressionTree"/>. A node is a range of every feature's order; a question parts the range in place and leaves both halves in order. The arrays are borrowed: a forest
/// of three hundred trees would otherwise leave gigabytes to the garbage collector.</summary>
sealed class TreeGrower : IDisposable
{
    readonly TreeRows rows;
    readonly TreeOptions options;
    readonly List<TreeNode> nodes = [];
    readonly double[] gradient, curvature, weight;
    readonly int[][] orders;
    readonly byte[] isLeft;
    readonly int[] right, candidates;
    readonly int count;                                                                  // rows that take part

    TreeGrower(TreeRows rows, double[] gradient, double[] curvature, int[] multiplicity, TreeOptions options)
    {
        (this.rows, this.options) = (rows, options);
        var n = rows.Count;
        (this.gradient, this.curvature, weight) = (Borrow<double>(n), Borrow<double>(n), Borrow<double>(n));
        // One place more than rows: see Keep.
        (isLeft, right, candidates, orders) = (Borrow<byte>(n), Borrow<int>(n), new int[rows.Orders.Length], [.. rows.Orders.Select(_ => Borrow<int>(n + 1))]);
        for (var row = 0; row < n; row++)
        {
            (this.gradient[row], this.curvature[row], weight[row]) = (multiplicity[row] * gradient[row], multiplicity[row] * curvature[row], multiplicity[row]);
            count += isLeft[row] = multiplicity[row] > 0 ? (byte)1 : (byte)0;
        }

        for (var f = 0; f < orders.Length; f++) Keep(rows.Orders[f], isLeft, orders[f]);
    }

    public void Dispose()
    {
        foreach (var values in new[] { gradient, curvature, weight }) ArrayPool<double>.Shared.Return(values);
        foreach (var order in orders) ArrayPool<int>.Shared.Return(order);
        ArrayPool<int>.Shared.Return(right);
        ArrayPool<byte>.Shared.Return(isLeft);
    }

    /// <summary>The nodes of a tree, the root first.</summary>
    /// <param name="rows">Features.</param>
    /// <param name="gradient">Per row.</param>
    /// <param name="curvature">Per row, ≥ 0.</param>
    /// <param name="multiplicity">Per row (bootstrap); rows of 0 are out.</param>
    /// <param name="options">Shape.</param>
    /// <param name="random">Draws the features.</param>
    public static TreeNode[] Grow(TreeRows rows, double[] gradient, double[] curvature, int[] multiplicity, TreeOptions options, ref Xoshiro256 random)
    {
        using var grower = new TreeGrower(rows, gradient, curvature, multiplicity, options);
        grower.Node(0, grower.count, options.Depth, ref random);
        return [.. grower.nodes];
    }

    static T[] Borrow<T>(int length) => ArrayPool<T>.Shared.Rent(length);

    /// <summary>Copies the rows to keep; one that is not kept is written too, and the next one over it.</summary>
    static void Keep(int[] order, byte[] keep, int[] kept)
    {
        var at = 0;
        foreach (var row in order)
        {
            kept[at] = row;
            at += keep[row];
        }
    }

    int Node(int start, int end, int depth, ref Xoshiro256 random)
    {
        double g = 0, h = 0, n = 0;
        foreach (var row in orders[0].AsSpan(start, end - start)) (g, h, n) = (g + gradient[row], h + curvature[row], n + weight[row]);
        var index = nodes.Count;
        nodes.Add(new TreeNode(-1, 0, 0, 0, -g / (h + options.Ridge)));
        if (depth == 0 || n < 2 * options.MinimumRows) return index;

        var (feature, threshold) = Best(start, end, g, h, n, ref random);
        if (feature < 0) return index;
        var middle = Part(start, end, rows.Columns[feature], threshold, isLast: depth == 1);
        var leftNode = Node(start, middle, depth - 1, ref random);
        var rightNode = Node(middle, end, depth - 1, ref random);
        nodes[index] = new TreeNode(feature, threshold, leftNode, rightNode, 0);
        return index;
    }

    /// <summary>Puts the rows up to the threshold first; leaves (<paramref name="isLast"/>) are summed in the first feature's order and need no other.</summary>
    int Part(int start, int end, float[] column, float threshold, bool isLast)
    {
        foreach (var row in orders[0].AsSpan(start, end - start)) isLeft[row] = column[row] <= threshold ? (byte)1 : (byte)0;
        var middle = start;
        for (var f = 0; f < (isLast ? 1 : orders.Length); f++)
        {
            var range = orders[f].AsSpan(start, end - start);
            int left = 0, over = 0;
            foreach (var row in range)
            {
                // Both are written and one is counted: no branch to guess wrong. left never overtakes the row being read.
                int one = isLeft[row];
                (range[left], right[over]) = (row, row);
                left += one;
                over += 1 - one;
            }

            right.AsSpan(0, over).CopyTo(range[left..]);
            middle = start + left;
        }

        return middle;
    }

    (int Feature, float Threshold) Best(int start, int end, double g, double h, double n, ref Xoshiro256 random)
    {
        var count = candidates.Length;
        for (var f = 0; f < count; f++) candidates[f] = f;
        if (options.Features > 0 && options.Features < count)
        {
            random.Shuffle<int>(candidates);
            count = options.Features;
            Array.Sort(candidates, 0, count);
        }

        // Gains at rounding level are none.
        var (best, bestFeature, bestThreshold) = (1e-12, -1, 0f);
        var (ridge, whole, least) = (options.Ridge, g * g / (h + options.Ridge), options.MinimumRows);
        foreach (var f in candidates.AsSpan(0, count))
        {
            var order = orders[f].AsSpan(start, end - start);
            var column = rows.Columns[f];
            double gl = 0, hl = 0, nl = 0;
            var next = column[order[0]];
            for (var i = 0; i + 1 < order.Length; i++)
            {
                var (row, key) = (order[i], next);
                (gl, hl, nl) = (gl + gradient[row], hl + curvature[row], nl + weight[row]);
                next = column[order[i + 1]];
                // Equal keys stay together, and only their sums count.
                if (next == key || nl < least || n - nl < least) continue;
                var gain = gl * gl / (hl + ridge) + (g - gl) * (g - gl) / (h - hl + ridge) - whole;
                if (gain > best) (best, bestFeature, bestThreshold) = (gain, f, key);
            }
        }

        return (bestFeature, bestThreshold);
    }
}
