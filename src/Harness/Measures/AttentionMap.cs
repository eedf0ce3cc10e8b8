using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>M: text-to-image attention cut to the image tokens and renormalised to sum 1, on its grid of image tokens (row-major, rows from the top).
/// Where it comes from (last prompt token or the mean over answer tokens, which layers, which heads averaged) is the trace's to say.</summary>
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
