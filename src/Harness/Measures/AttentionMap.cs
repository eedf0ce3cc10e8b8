using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>M: text-to-image attention cut to the image tokens and renormalised to sum 1, on its grid of image tokens (row-major, rows from the top). Where it
/// comes from (last prompt token or the mean over answer tokens, which layers, which heads averaged) is the trace's to say.</summary>
public sealed class AttentionMap
{
    readonly double[] mass;

    AttentionMap(double[] mass, int height, int width, double imageMass) => (this.mass, Height, Width, ImageMass) = (mass, height, width, imageMass);

    /// <summary>Grid rows.</summary>
    public int Height { get; }

    /// <summary>Grid columns.</summary>
    public int Width { get; }

    /// <summary>Share of the attention that fell on the image before renormalising (0 … 1 for rows of a softmax): "attention mass" of arXiv
    /// 2411.16724.</summary>
    public double ImageMass { get; }

    /// <summary>Cells, row-major, sum 1.</summary>
    public ReadOnlySpan<double> Mass => mass;

    /// <summary>Renormalises attention weights over the image tokens.</summary>
    /// <param name="weights">height × width weights ≥ 0, row-major.</param>
    /// <exception cref="NotFiniteException">A NaN or an infinity: never read as 0.</exception>
    /// <exception cref="OutOfDomainException">A negative weight, or a sum of 0: nothing was captured, and a uniform map is not put in its place.</exception>
    public static AttentionMap Renormalise(ReadOnlySpan<double> weights, int height, int width)
    {
        const string name = "attention map";
        Check.NotEmpty(name, weights.Length);
        Check.SameLength(name, "weights", checked(height * width), weights.Length);
        Check.Finite(name, "weights", weights);
        var sum = 0.0;
        foreach (var weight in weights)
        {
            Check.Domain(name, "weight", "0 or more", weight, weight >= 0);
            sum += weight;
        }

        Check.Domain(name, "sum of weights", "above 0", sum, sum > 0);
        var mass = new double[weights.Length];
        for (var i = 0; i < mass.Length; i++) mass[i] = weights[i] / sum;
        return new AttentionMap(mass, height, width, sum);
    }

    /// <summary>The same from float32 weights.</summary>
    /// <inheritdoc cref="Renormalise(ReadOnlySpan{double}, int, int)"/>
    public static AttentionMap Renormalise(ReadOnlySpan<float> weights, int height, int width)
    {
        var wide = new double[weights.Length];
        for (var i = 0; i < wide.Length; i++) wide[i] = weights[i];
        return Renormalise(wide, height, width);
    }

    /// <summary>Mean over heads of rows [heads × (height·width)], then renormalised. Heads are averaged before, so a head that looks at the image more counts
    /// more, as in the study.</summary>
    /// <exception cref="LengthMismatchException">The weights are not whole heads.</exception>
    public static AttentionMap OfHeads(ReadOnlySpan<float> heads, int headCount, int height, int width)
    {
        Check.AtLeast("attention map", "heads", 1, headCount);
        Check.SameLength("attention map", "heads", checked(headCount * height * width), heads.Length);
        var cells = height * width;
        var mean = new double[cells];
        for (var h = 0; h < headCount; h++)
            for (var i = 0; i < cells; i++) mean[i] += (double)heads[h * cells + i] / headCount;
        return Renormalise(mean, height, width);
    }

    /// <summary>The mean of several layers' maps (each summing to 1): the map of a stated layer set. <see cref="ImageMass"/> is averaged too.</summary>
    /// <exception cref="LengthMismatchException">Maps of different grids. No maps: <see cref="EmptyInputException"/>.</exception>
    public static AttentionMap Mean(IReadOnlyList<AttentionMap> maps)
    {
        Check.NotEmpty("mean attention map", maps.Count);
        var mass = new double[maps[0].mass.Length];
        foreach (var map in maps)
        {
            Check.SameLength("mean attention map", "rows of the grid", maps[0].Height, map.Height);
            Check.SameLength("mean attention map", "columns of the grid", maps[0].Width, map.Width);
            for (var i = 0; i < mass.Length; i++) mass[i] += map.mass[i] / maps.Count;
        }

        return new AttentionMap(mass, maps[0].Height, maps[0].Width, maps.Average(map => map.ImageMass));
    }

    /// <summary>Cells from the largest mass down; ties keep the lower row-major index first.</summary>
    internal int[] Order() => Ranks.OrderDescending(mass);
}

/// <summary>The cells of an attention map that stand out, as ascending row-major indices.</summary>
public static class SalientCells
{
    /// <summary>The ⌈n·share⌉ largest cells by rank (not "≥ the 90th percentile", which takes more when values tie); ties by the lower row-major
    /// index.</summary>
    /// <exception cref="OutOfDomainException">A share outside (0, 1].</exception>
    public static int[] TopByRank(AttentionMap map, double share = 0.1)
    {
        Check.Domain("top cells by rank", "share", "above 0 and at most 1", share, share is > 0 and <= 1);
        // 1e-9 keeps 0.1·30 = 3.0000000000000004 from becoming four cells.
        return Sorted(map.Order(), (int)Math.Ceiling(map.Mass.Length * share - 1e-9));
    }

    /// <summary>The shortest run of largest cells whose mass reaches the share (less 1e-12 for rounding); ties by the lower row-major index.</summary>
    /// <exception cref="OutOfDomainException">A share outside (0, 1].</exception>
    public static int[] TopByMass(AttentionMap map, double share = 0.3)
    {
        Check.Domain("top cells by mass", "share", "above 0 and at most 1", share, share is > 0 and <= 1);
        var order = map.Order();
        var sum = 0.0;
        for (var k = 0; k < order.Length; k++)
        {
            sum += map.Mass[order[k]];
            if (sum >= share - 1e-12) return Sorted(order, k + 1);
        }

        return Sorted(order, order.Length);
    }

    /// <summary>The cells with the largest attention, a given number of them: the HIGH arm of patch masking. Ties by the lower row-major index.</summary>
    /// <exception cref="OutOfDomainException">A count outside 0 … n.</exception>
    public static int[] Top(AttentionMap map, int count)
    {
        Check.Domain("top cells", "count", $"between 0 and {map.Mass.Length}", count, count >= 0 && count <= map.Mass.Length);
        return Sorted(map.Order(), count);
    }

    /// <summary>The cells with the smallest attention, a given number of them: the LOW arm of patch masking. Ties by the higher row-major index, so that it is
    /// disjoint from the top as long as it can be.</summary>
    /// <exception cref="OutOfDomainException">A count outside 0 … n.</exception>
    public static int[] Bottom(AttentionMap map, int count)
    {
        Check.Domain("bottom cells", "count", $"between 0 and {map.Mass.Length}", count, count >= 0 && count <= map.Mass.Length);
        var order = map.Order();
        Array.Reverse(order);
        return Sorted(order, count);
    }

    static int[] Sorted(int[] order, int count)
    {
        var cells = order[..count];
        Array.Sort(cells);
        return cells;
    }
}

/// <summary>C_k, the number of places that attention falls on, in the study's two variants.</summary>
public static class Clusters
{
    /// <summary>C_k, variant <c>k_dbscan</c>: DBSCAN clusters (ε = 1.5 cells, so the eight neighbours; min_samples 3 with the cell itself) of the top tenth of
    /// the cells by rank. 0 = all noise.</summary>
    public static int Dbscan(AttentionMap map) => DbscanLabels(SalientCells.TopByRank(map), map.Width).Max() + 1;

    /// <summary>C_k, variant <c>k_components</c>: 8-connected components of the top 30 % of the mass, minus one (scipy: ndimage.label with a 3×3 structure). 0
    /// = one place.</summary>
    public static int Components(AttentionMap map)
    {
        var labels = DbscanLabels(SalientCells.TopByMass(map), map.Width, minSamples: 1);   // with min_samples 1 every cell is a core: connected components
        return labels.Max();
    }

    /// <summary>DBSCAN (Ester, Kriegel, Sander and Xu 1996) of grid cells under the Euclidean distance: labels from 0 in order of the first core cell, −1 for
    /// noise; a border cell goes to the first cluster that reaches it (scikit-learn: DBSCAN.fit_predict).</summary>
    /// <param name="cells">Ascending row-major indices.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="epsilon">Largest distance of neighbours, in cells.</param>
    /// <param name="minSamples">Neighbours, the cell included, that make a core.</param>
    /// <exception cref="EmptyInputException">No cells.</exception>
    public static int[] DbscanLabels(ReadOnlySpan<int> cells, int width, double epsilon = 1.5, int minSamples = 3)
    {
        Check.NotEmpty("DBSCAN", cells.Length);
        Check.AtLeast("DBSCAN", "columns", 1, width);
        var neighbours = new List<int>[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            neighbours[i] = [];
            for (var j = 0; j < cells.Length; j++)
            {
                double dy = cells[i] / width - cells[j] / width, dx = cells[i] % width - cells[j] % width;
                if (dy * dy + dx * dx <= epsilon * epsilon) neighbours[i].Add(j);
            }
        }

        var labels = new int[cells.Length];
        Array.Fill(labels, -1);
        var cluster = 0;
        var open = new Stack<int>();
        for (var seed = 0; seed < labels.Length; seed++)
        {
            if (labels[seed] >= 0 || neighbours[seed].Count < minSamples) continue;
            open.Push(seed);
            while (open.TryPop(out var cell))
            {
                if (labels[cell] >= 0) continue;
                labels[cell] = cluster;
                if (neighbours[cell].Count < minSamples) continue;
                foreach (var next in neighbours[cell])
                    if (labels[next] < 0) open.Push(next);
            }

            cluster++;
        }

        return labels;
    }
}
