using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

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
