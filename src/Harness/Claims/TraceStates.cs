using Vrp.Harness.Probes;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>Some rows' states of a trace, as probes read them.</summary>
/// <param name="trace">Where they come from.</param>
/// <param name="rows">Whose.</param>
/// <param name="layers">The layers, so that a probe's "layer 0" may be another one.</param>
/// <param name="mlpOut">MLP outputs instead of the residual stream.</param>
sealed class TraceStates(TraceSet trace, IReadOnlyList<StudyRow> rows, int[] layers, bool mlpOut = false) : ILayerStates
{
    /// <summary>All layers of the residual stream.</summary>
    public static TraceStates Of(TraceSet trace, IReadOnlyList<StudyRow> rows) => new(trace, rows, [.. Enumerable.Range(0, trace.Facts.Layers)]);

    public int Layers => layers.Length;

    public int Rows => rows.Count;

    public int Units => trace.Facts.Hidden;

    public void Read(int layer, Span<float> destination)
    {
        var all = mlpOut ? trace.MlpOut(layers[layer]) : trace.States(layers[layer]);
        for (var row = 0; row < rows.Count; row++) all.AsSpan(rows[row].Place * Units, Units).CopyTo(destination[(row * Units)..]);
    }
}
