using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Tests.Claims;

/// <summary>Traces that several tests start from.</summary>
static class TestTraces
{
    public static StudyOptions Options => ClaimScenarios.Options with { Draws = 200, Permutations = 10 };

    public static SyntheticTrace Small =>
        new() { Layers = 4, Hidden = 12, Images = 40, State = 3, PlantedLayer = 2, PerImage = [(QuestionKind.YesNo, 4), (QuestionKind.Count, 2)] };

    /// <summary>The same trace with other records.</summary>
    public static TraceSet With(TraceSet trace, IReadOnlyList<TraceRecord> records, int[] samples) => new(trace.Facts, records, new MemoryTraceArrays(
        [.. Enumerable.Range(0, trace.Facts.Layers).Select(layer => Take(trace.States(layer), trace.Facts.Hidden, samples))],
        [.. Enumerable.Range(0, trace.Facts.Layers).Select(layer => Take(trace.MlpOut(layer), trace.Facts.Hidden, samples))],
        [.. samples.Select(trace.Attention)]))
    {
        LensMargin = Take(trace.LensMargin, samples), MlpAttribution = Take(trace.MlpAttribution, samples),
            AttentionAttribution = Take(trace.AttentionAttribution, samples),
    };

    /// <summary>Some of the samples.</summary>
    public static TraceSet Select(TraceSet trace, params int[] samples) => With(trace, [.. samples.Select(i => trace.Records[i])], samples);

    static float[] Take(float[] values, int width, int[] rows) => [.. rows.SelectMany(row => values.AsSpan(row * width, width).ToArray())];

    static float[,] Take(float[,] values, int[] rows)
    {
        var taken = new float[rows.Length, values.GetLength(1)];
        for (var i = 0; i < rows.Length; i++)
            for (var j = 0; j < taken.GetLength(1); j++) taken[i, j] = values[rows[i], j];
        return taken;
    }
}
