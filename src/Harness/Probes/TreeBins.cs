namespace Vrp.Harness.Probes;

/// <summary>Features as trees see them: which of at most <see cref="Most"/> bins a value lies in, with a ramp from one bin to the next instead of a
/// step.</summary>
/// <remarks>
/// A tree that asks "is x at most t" jumps where a last bit decides. Between kernels (SSE and AVX-512) attention features of one question differ by some
/// 1e-6 of their value, 1e-5 of their spread over questions, and ten times that where a map is sharp: of a thousand rows and eleven features some row
/// always lies that near to a threshold, and boosting carries one moved row through all later trees. Rounding the values first only moves the places
/// where that happens. Here nothing steps. An edge is the middle of two neighbours among the sorted fitting values, which moves as far as they do.
/// Within half of the narrower bin on either side of an edge a row lies in both bins, in proportion, and goes both ways at a question about that edge
/// (Suárez and Lutsko 1999: fuzzy trees). Such a noise therefore moves a row's part in a bin by about 1e-4.
/// Guaranteed: places, and for given questions also leaves and scores, are continuous in every value. Values that differ by no more than
/// <see cref="Same"/> of their size count as one, so that a mathematical tie which rounding breaks is not parted.
/// Not guaranteed: which of two questions with nearly the same gain is asked. <see cref="TreeGrower"/> takes the first of those that differ by less
/// than a millionth; that noise still turns a question in one of some thousand trees. Therefore ensembles are means of many (bags, a forest).
/// Features that are counts (clusters, cells) jump before they come here.
/// </remarks>
sealed class TreeBins
{
    /// <summary>Bins of equal numbers of fitting rows. More would part rows that noise moves further; fewer lose what eleven weak features tell.</summary>
    public const int Most = 16;

    /// <summary>Of a value's size, or of the feature's median one where that is larger (a small difference of large numbers has their noise):
    /// well above what kernels differ by (1e-7 of a sum, 1e-6 of an exponential), well below what tells rows apart.</summary>
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
