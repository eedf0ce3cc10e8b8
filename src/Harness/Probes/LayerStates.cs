using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>What probes read: for each layer a float32 matrix [rows × units], one row per question (the last prompt token's state, as a rule). Implementations
/// read from the trace store when asked, so that one layer at a time is in memory; <see cref="Read"/> is called from several threads.</summary>
public interface ILayerStates
{
    /// <summary>Number of layers.</summary>
    int Layers { get; }

    /// <summary>Number of questions.</summary>
    int Rows { get; }

    /// <summary>Units (coordinates) per question and layer.</summary>
    int Units { get; }

    /// <summary>Writes layer <paramref name="layer"/>, row-major, into <paramref name="destination"/> of Rows × Units.</summary>
    void Read(int layer, Span<float> destination);
}

/// <summary>States held in memory.</summary>
public sealed class ArrayStates : ILayerStates
{
    readonly float[][] layers;

    /// <summary>One array of rows × units per layer.</summary>
    /// <exception cref="LengthMismatchException">A layer of another size.</exception>
    public ArrayStates(float[][] layers, int rows, int units)
    {
        Check.NotEmpty("layer states", layers.Length);
        Check.AtLeast("layer states", "units", 1, units);
        foreach (var layer in layers) Check.SameLength("layer states", "layer", checked(rows * units), layer.Length);
        (this.layers, Rows, Units) = (layers, rows, units);
    }

    /// <summary>A single "layer" of any features: shortcut baselines, attention features, signals to be fused.</summary>
    /// <exception cref="LengthMismatchException">Rows of unequal length. NaN: <see cref="NotFiniteException"/> when read by a probe.</exception>
    public static ArrayStates OfFeatures(IReadOnlyList<double[]> rows)
    {
        Check.NotEmpty("features", rows.Count);
        var units = rows[0].Length;
        var flat = new float[checked(rows.Count * units)];
        for (var row = 0; row < rows.Count; row++)
        {
            Check.SameLength("features", $"row {row}", units, rows[row].Length);
            for (var u = 0; u < units; u++) flat[row * units + u] = (float)rows[row][u];
        }

        return new ArrayStates([flat], rows.Count, units);
    }

    /// <inheritdoc/>
    public int Layers => layers.Length;

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Units { get; }

    /// <inheritdoc/>
    public void Read(int layer, Span<float> destination) => layers[layer].CopyTo(destination);
}

/// <summary>Several layers side by side as one (last-five-layers probe): [rows × (count · units)].</summary>
/// <param name="source">Where the layers come from.</param>
/// <param name="first">First layer.</param>
/// <param name="count">How many.</param>
public sealed class ConcatenatedStates(ILayerStates source, int first, int count) : ILayerStates
{
    /// <summary>The last five layers, or all where there are fewer.</summary>
    public static ConcatenatedStates LastFive(ILayerStates source) => new(source, Math.Max(0, source.Layers - 5), Math.Min(5, source.Layers));

    /// <inheritdoc/>
    public int Layers => 1;

    /// <inheritdoc/>
    public int Rows => source.Rows;

    /// <inheritdoc/>
    public int Units => source.Units * count;

    /// <inheritdoc/>
    public void Read(int layer, Span<float> destination)
    {
        var one = new float[checked(source.Rows * source.Units)];
        for (var l = 0; l < count; l++)
        {
            source.Read(first + l, one);
            for (var row = 0; row < source.Rows; row++) one.AsSpan(row * source.Units, source.Units).CopyTo(destination[(row * Units + l * source.Units)..]);
        }
    }
}
