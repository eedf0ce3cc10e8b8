namespace Vrp.Harness.Probes;

/// <summary>What probes read: for each layer a float32 matrix [rows × units], one row per sample (the last prompt token's state, as a rule). Implementations read from the trace store
/// when asked, so that one layer at a time is in memory; <see cref="Read"/> is called from several threads.</summary>
public interface ILayerStates
{
    /// <summary>Number of layers.</summary>
    int Layers { get; }

    /// <summary>Number of samples.</summary>
    int Rows { get; }

    /// <summary>Units (coordinates) per sample and layer.</summary>
    int Units { get; }

    /// <summary>Writes layer <paramref name="layer"/>, row-major, into <paramref name="destination"/> of Rows × Units.</summary>
    void Read(int layer, Span<float> destination);
}
