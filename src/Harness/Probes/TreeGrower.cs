using System.Runtime.InteropServices;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Shape of a tree.</summary>
/// <param name="Depth">Questions from root to leaf at most.</param>
/// <param name="MinimumRows">Rows in a leaf at least (counted with their weights).</param>
/// <param name="Features">Features looked at per question, drawn at random; 0 = all.</param>
/// <param name="Ridge">Added to the curvature of a leaf: shrinks leaves that stand on little.</param>
readonly record struct TreeOptions(int Depth, double MinimumRows, int Features, double Ridge);

/// <summary>Grows one <see cref="RegressionTree"/> from sums per bin (Ke et al. 2017: histogram trees). A node is a range of a stack of rows with weights;
/// its children lie above it.</summary>
sealed class TreeGrower
{
    /// <summary>A question has to gain this much more, relatively, than an earlier one: what is equal in exact arithmetic is decided by the order of
    /// features and edges, not by how sums round.</summary>
    const double Tie = 1e-6;

    /// <summary>Rows that are shared out do not add up to whole ones to the last bit.</summary>
    const double Slack = 1e-6;

    readonly float[] places;
    readonly double[] gradient, curvature;
    readonly TreeOptions options;
    readonly List<TreeNode> nodes = [];
    readonly List<(int Row, double Weight)> members = [];
    readonly int[] candidates;
    readonly (double G, double H, double N)[] bins = new (double, double, double)[TreeBins.Limit];

    TreeGrower(float[] places, int features, double[] gradient, double[] curvature, TreeOptions options) =>
        (this.places, this.gradient, this.curvature, this.options, candidates) = (places, gradient, curvature, options, new int[features]);

    /// <summary>The nodes of a tree, the root first.</summary>
    /// <param name="places">Of every row and feature, row-major (<see cref="TreeBins.Places"/>).</param>
    /// <param name="features">Features per row.</param>
    /// <param name="gradient">Per row.</param>
    /// <param name="curvature">Per row, ≥ 0.</param>
    /// <param name="multiplicity">Per row (bootstrap); rows of 0 are out.</param>
    /// <param name="options">Shape.</param>
    /// <param name="random">Draws the features.</param>
    public static TreeNode[] Grow(float[] places, int features, double[] gradient, double[] curvature, int[] multiplicity,
        TreeOptions options, ref Xoshiro256 random)
    {
        var grower = new TreeGrower(places, features, gradient, curvature, options);
        for (var row = 0; row < multiplicity.Length; row++)
            if (multiplicity[row] > 0) grower.members.Add((row, multiplicity[row]));
        grower.Node(0, grower.members.Count, options.Depth, ref random);
        return [.. grower.nodes];
    }

    int Node(int start, int end, int depth, ref Xoshiro256 random)
    {
        double g = 0, h = 0, n = 0;
        foreach (var (row, weight) in Members(start, end)) (g, h, n) = (g + weight * gradient[row], h + weight * curvature[row], n + weight);
        var index = nodes.Count;
        nodes.Add(new TreeNode(-1, 0, 0, 0, -g / (h + options.Ridge)));
        if (depth == 0 || n < 2 * options.MinimumRows - Slack) return index;

        var (feature, edge) = Best(start, end, g, h, n, ref random);
        if (feature < 0) return index;
        var leftNode = Child(start, end, feature, edge, isLeft: true, depth, ref random);
        var rightNode = Child(start, end, feature, edge, isLeft: false, depth, ref random);
        nodes[index] = new TreeNode(feature, edge, leftNode, rightNode, 0);
        return index;
    }

    /// <summary>Puts the rows of one side on the stack, grows it, and takes them off again.</summary>
    int Child(int start, int end, int feature, int edge, bool isLeft, int depth, ref Xoshiro256 random)
    {
        var top = members.Count;
        for (var i = start; i < end; i++)
        {
            var (row, weight) = members[i];
            var left = TreeNode.ShareLeft(edge, places[row * candidates.Length + feature]);
            if ((isLeft ? left : 1 - left) is > 0 and var share) members.Add((row, weight * share));
        }

        var node = Node(top, members.Count, depth - 1, ref random);
        CollectionsMarshal.SetCount(members, top);
        return node;
    }

    Span<(int Row, double Weight)> Members(int start, int end) => CollectionsMarshal.AsSpan(members)[start..end];

    (int Feature, int Edge) Best(int start, int end, double g, double h, double n, ref Xoshiro256 random)
    {
        var count = candidates.Length;
        for (var f = 0; f < count; f++) candidates[f] = f;
        if (options.Features > 0 && options.Features < count)
        {
            random.Shuffle<int>(candidates);
            count = options.Features;
            Array.Sort(candidates, 0, count);
        }

        var (ridge, whole, least) = (options.Ridge, g * g / (h + options.Ridge), options.MinimumRows - Slack);
        // Gains at rounding level are none.
        var (best, bestFeature, bestEdge) = (1e-9 * (1 + whole), -1, 0);
        foreach (var f in candidates.AsSpan(0, count))
        {
            var last = Fill(start, end, f);
            double gl = 0, hl = 0, nl = 0;
            for (var edge = 0; edge < last; edge++)
            {
                var bin = bins[edge];
                (gl, hl, nl) = (gl + bin.G, hl + bin.H, nl + bin.N);
                if (nl < least || n - nl < least) continue;
                var gain = gl * gl / (hl + ridge) + (g - gl) * (g - gl) / (h - hl + ridge) - whole;
                if (gain > best * (1 + Tie)) (best, bestFeature, bestEdge) = (gain, f, edge);
            }
        }

        return (bestFeature, bestEdge);
    }

    /// <summary>Sums a node's rows per bin of a feature; gives the last bin that holds one.</summary>
    int Fill(int start, int end, int feature)
    {
        Array.Clear(bins);
        var last = 0;
        foreach (var (row, weight) in Members(start, end))
        {
            var place = places[row * candidates.Length + feature];
            var bin = (int)place;
            double up = weight * (place - bin), here = weight - up;
            bins[bin] = (bins[bin].G + here * gradient[row], bins[bin].H + here * curvature[row], bins[bin].N + here);
            last = Math.Max(last, bin);
            if (up == 0) continue;
            bins[bin + 1] = (bins[bin + 1].G + up * gradient[row], bins[bin + 1].H + up * curvature[row], bins[bin + 1].N + up);
            last = Math.Max(last, bin + 1);
        }

        return last;
    }
}
