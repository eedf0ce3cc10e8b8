using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>The eleven attention features of the supervised classifier (claim attention-classifier). The study says "11 features" and does not list them; these
/// are ours, and cover what its text speaks of: sharpness, concentration, number and spread of places, mass on the image, agreement of heads.</summary>
/// <param name="Entropy">H_s, nats.</param>
/// <param name="NormalisedEntropy">H_s / log n, 0 … 1 (grids of several sizes compare); 0 for a grid of one cell.</param>
/// <param name="Peak">Largest cell's share of the mass.</param>
/// <param name="TopDecileMass">Mass of the ⌈n/10⌉ largest cells.</param>
/// <param name="TopMassShare">Share of cells that the first 30 % of the mass needs.</param>
/// <param name="Gini">Gini coefficient of the cells, 0 (uniform) … 1 − 1/n (one cell).</param>
/// <param name="KDbscan">C_k, variant k_dbscan.</param>
/// <param name="KComponents">C_k, variant k_components.</param>
/// <param name="Spread">Root mean squared distance of the mass from its centre, in units of the grid's diagonal.</param>
/// <param name="ImageMass">Attention on the image before renormalising.</param>
/// <param name="HeadEntropyDeviation">Standard deviation (divisor heads) over heads of the heads' own entropies, nats.</param>
public sealed record AttentionFeatures(double Entropy, double NormalisedEntropy, double Peak, double TopDecileMass, double TopMassShare, double Gini,
    int KDbscan, int KComponents, double Spread, double ImageMass, double HeadEntropyDeviation)
{
    /// <summary>Number of features.</summary>
    public const int Count = 11;

    /// <summary>The features' names, in the order of <see cref="ToArray"/>.</summary>
    public static readonly IReadOnlyList<string> Names = ["entropy", "normalised_entropy", "peak", "top_decile_mass", "top_mass_share", "gini", "k_dbscan",
        "k_components", "spread", "image_mass", "head_entropy_deviation"];

    /// <summary>From a map and its heads' entropies (<see cref="Measures.Entropy.PerHead"/>).</summary>
    /// <exception cref="EmptyInputException">No heads. NaN: <see cref="NotFiniteException"/>.</exception>
    public static AttentionFeatures Compute(AttentionMap map, ReadOnlySpan<double> headEntropies)
    {
        Check.NotEmpty("attention features", headEntropies.Length);
        Check.Finite("attention features", "head entropies", headEntropies);
        var mass = map.Mass;
        var entropy = Measures.Entropy.OfMap(map);
        var decile = 0.0;
        foreach (var cell in SalientCells.TopByRank(map)) decile += mass[cell];
        return new AttentionFeatures(entropy, mass.Length > 1 ? entropy / Math.Log(mass.Length) : 0, Max(mass), decile,
            SalientCells.TopByMass(map).Length / (double)mass.Length, GiniOf(mass), Clusters.Dbscan(map), Clusters.Components(map), SpreadOf(map),
                map.ImageMass, Deviation(headEntropies));
    }

    /// <summary>The features as one row, in the order of <see cref="Names"/>.</summary>
    public double[] ToArray() =>
        [Entropy, NormalisedEntropy, Peak, TopDecileMass, TopMassShare, Gini, KDbscan, KComponents, Spread, ImageMass, HeadEntropyDeviation];

    static double Max(ReadOnlySpan<double> mass)
    {
        var largest = 0.0;
        foreach (var cell in mass) largest = Math.Max(largest, cell);
        return largest;
    }

    static double GiniOf(ReadOnlySpan<double> mass)
    {
        var sorted = mass.ToArray();
        Array.Sort(sorted);
        var sum = 0.0;
        for (var i = 0; i < sorted.Length; i++) sum += (2 * i + 1 - sorted.Length) * sorted[i];
        return sum / sorted.Length;   // Σ mass = 1
    }

    static double SpreadOf(AttentionMap map)
    {
        double y = 0, x = 0, second = 0;
        for (var i = 0; i < map.Mass.Length; i++)
        {
            double row = i / map.Width, column = i % map.Width, share = map.Mass[i];
            y += share * row;
            x += share * column;
            second += share * (row * row + column * column);
        }

        return Math.Sqrt(Math.Max(0, second - y * y - x * x) / (map.Height * map.Height + map.Width * map.Width));
    }

    static double Deviation(ReadOnlySpan<double> values)
    {
        double mean = 0, squares = 0;
        foreach (var value in values) mean += value / values.Length;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / values.Length);
    }
}
