using Vrp.Harness.Probes;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>Some samples' states of a trace, as probes read them.</summary>
/// <param name="trace">Where they come from.</param>
/// <param name="samples">Samples of the trace, in the order of the rows.</param>
/// <param name="layers">The layers, so that a probe's "layer 0" may be another one.</param>
/// <param name="mlpOut">MLP outputs instead of the residual stream.</param>
sealed class TraceStates(TraceSet trace, int[] samples, int[] layers, bool mlpOut = false) : ILayerStates
{
    /// <summary>All layers.</summary>
    public static TraceStates Of(TraceSet trace, int[] samples, bool mlpOut = false) => new(trace, samples, [.. Enumerable.Range(0, trace.Facts.Layers)], mlpOut);

    public int Layers => layers.Length;

    public int Rows => samples.Length;

    public int Units => trace.Facts.Hidden;

    public void Read(int layer, Span<float> destination)
    {
        var all = mlpOut ? trace.MlpOut(layers[layer]) : trace.States(layers[layer]);
        for (var row = 0; row < samples.Length; row++) all.AsSpan(samples[row] * Units, Units).CopyTo(destination[(row * Units)..]);
    }
}
