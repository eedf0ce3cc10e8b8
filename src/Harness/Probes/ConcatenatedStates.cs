namespace Vrp.Harness.Probes;

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
