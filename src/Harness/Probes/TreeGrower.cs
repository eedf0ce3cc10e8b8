using System.Runtime.InteropServices;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Shape of a tree.</summary>
/// <param name="Depth">Questions from root to leaf at most.</param>
/// <param name="MinimumRows">Rows in a leaf at least (counted with their weights).</param>
/// <param name="Features">Features looked at per question, drawn at random; 0 = all.</param>
/// <param name="Ridge">Added to the curvature of a leaf: shrinks leaves that rest on few rows.</param>
readonly record struct TreeOptions(int Depth, double MinimumRows, int Features, double Ridge);

/// <summary>Grows one <see cref="RegressionTree"/> from sums per bin (Ke et al. 2017: histogram trees). A node is a range of a stack of rows with weights; its
/// children lie above it.</summary>
sealed class TreeGrower
{
    /// <summary>A question has to gain this much more, relatively, than an earlier one: what is equal in exact arithmetic is decided by the order of features
    /// and edges, not by how sums round.</summary>
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

/// <summary>Features as trees see them: which of at most <see cref="Most"/> bins a value lies in, with a ramp from one bin to the next instead of a
/// step.</summary>
/// <remarks>A tree that asks "is x at most t" jumps where a last bit decides. Between kernels (SSE and AVX-512) attention features of one question differ by
/// some 1e-6 of their value, 1e-5 of their spread over questions, and ten times that where a map is sharp: of a thousand rows and eleven features some row
/// always lies that near to a threshold, and boosting carries one moved row through all later trees. Rounding the values first only moves the places where that
/// happens. Here nothing steps. An edge is the middle of two neighbours among the sorted fitting values, which moves as far as they do. Within half of the
/// narrower bin on either side of an edge a row lies in both bins, in proportion, and goes both ways at a question about that edge (Suárez and Lutsko 1999:
/// fuzzy trees). Such a noise therefore moves a row's part in a bin by about 1e-4. Guaranteed: places, and for given questions also leaves and scores, are
/// continuous in every value. Values that differ by no more than <see cref="Same"/> of their size count as one, so that a mathematical tie which rounding
/// breaks is not parted. Not guaranteed: which of two questions with nearly the same gain is asked. <see cref="TreeGrower"/> takes the first of those that
/// differ by less than a millionth; that noise still turns a question in one of some thousand trees. Therefore ensembles are means of many (bags, a forest).
/// Features that are counts (clusters, cells) jump before they come here.</remarks>
sealed class TreeBins
{
    /// <summary>Bins of equal numbers of fitting rows. More would part rows that noise moves further; fewer lose what eleven weak features tell.</summary>
    public const int Most = 16;

    /// <summary>Of a value's size, or of the feature's median one where that is larger (a small difference of large numbers has their noise): well above what
    /// kernels differ by (1e-7 of a sum, 1e-6 of an exponential), well below what tells rows apart.</summary>
    const double Same = 1e-5;

    readonly double[][] edges, ramps;

    TreeBins(double[][] edges, double[][] ramps) => (this.edges, this.ramps) = (edges, ramps);

    /// <summary>The most bins that a feature can have: an edge on either side of a value that fills bins by itself.</summary>
    public static int Limit => 2 * Most;

    /// <summary>From the fitting rows.</summary>
    /// <param name="x">Rows × features, row-major.</param>
    /// <param name="features">Features per row.</param>
    public static TreeBins Of(float[] x, int features)
    {
        var (edges, ramps) = (new double[features][], new double[features][]);
        for (var f = 0; f < features; f++)
        {
            var column = new float[x.Length / features];
            for (var row = 0; row < column.Length; row++) column[row] = x[row * features + f];
            Array.Sort(column);
            edges[f] = Edges(column);
            double[] bounds = [column[0], .. edges[f], column[^1]];
            ramps[f] = [.. edges[f].Select((edge, i) => Math.Max(0, Math.Min(edge - bounds[i], bounds[i + 2] - edge)) / 2)];
        }

        return new TreeBins(edges, ramps);
    }

    /// <summary>The place of every value: 3 inside bin 3, 3.25 a quarter of the way up the ramp to bin 4. Rows × features, row-major.</summary>
    public float[] Places(ReadOnlySpan<float> x)
    {
        var places = new float[x.Length];
        for (var i = 0; i < places.Length; i++) places[i] = Place(x[i], edges[i % edges.Length], ramps[i % edges.Length]);
        return places;
    }

    static float Place(double value, double[] edges, double[] ramps)
    {
        var bin = 0;
        while (bin < edges.Length && value >= edges[bin] + ramps[bin]) bin++;
        if (bin == edges.Length || value <= edges[bin] - ramps[bin]) return bin;
        return (float)(bin + (value - (edges[bin] - ramps[bin])) / (2 * ramps[bin]));
    }

    /// <summary>Between the rows at the quantiles; where many rows share a value, on either side of it.</summary>
    static double[] Edges(float[] sorted)
    {
        double[] sizes = [.. sorted.Select(value => (double)Math.Abs(value)).Order()];
        var (median, many) = (sizes[sizes.Length / 2], Math.Max(4, sorted.Length / (4 * Most)));
        double SameAs(double value) => Same * Math.Max(Math.Abs(value), median);
        var edges = new List<double>();
        void Between(int row)
        {
            if (row <= 0 || row >= sorted.Length) return;
            var edge = (sorted[row - 1] + (double)sorted[row]) / 2;
            if (edges.Count == 0 || edge > edges[^1] + SameAs(edge)) edges.Add(edge);
        }

        for (var bin = 1; bin < Most; bin++)
        {
            var row = (int)((long)bin * sorted.Length / Most);
            var (first, next, same) = (row, row + 1, SameAs(sorted[row]));
            while (first > 0 && sorted[row] - (double)sorted[first - 1] <= same) first--;
            while (next < sorted.Length && sorted[next] - (double)sorted[row] <= same) next++;
            if (next - first < many) Between(row);
            else
            {
                Between(first);
                Between(next);
            }
        }

        return [.. edges];
    }
}
