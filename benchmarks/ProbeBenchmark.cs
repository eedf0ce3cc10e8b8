using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Benchmarks;

/// <summary>Time of the analysis of a real-size study on made-up states: rows × layers × units float32, images of six questions, a planted direction in one
/// layer.</summary>
public static class ProbeBenchmark
{
    /// <summary>Runs all parts and writes a line each to <paramref name="log"/>.</summary>
    /// <param name="rows">Samples (the study: 3,090).</param>
    /// <param name="layers">Layers (LLaVA-1.5-7B: 32).</param>
    /// <param name="units">Units (4,096).</param>
    /// <param name="permutations">Of the whole L2 pipeline; 0 = leave out.</param>
    /// <param name="log">Where the lines go.</param>
    public static void Run(int rows, int layers, int units, int permutations, TextWriter log)
    {
        var planted = layers * 2 / 3;
        var states = new MadeUpStates(rows, layers, units, planted);
        var groups = Groups.From(Enumerable.Range(0, rows).Select(row => row / 6));
        var data = new ProbeData(states, states.Labels, groups);
        var split = Split.Half(states.Labels, groups, 1);

        var result = Time(log, $"L2 probe: {layers} layers, inner folds, penalties, held-out score", () => L2Probe.Run(data, split));
        log.WriteLine($"    layer {result.Probe.Layer} (planted {planted}), {result.Probe.Kind}, {result.HeldOut.Auroc()}");
        log.WriteLine($"    {Time(log, "nested cross-fitting, 5 × 5 folds, all layers", () => L2Probe.Nested(data))}");
        var held = result.HeldOut;
        Time(log, "bootstraps, 10,000 draws each: AUROC, its gain, accuracy, R_pb of every layer's score", () =>
        {
            var bootstrap = new ClusteredBootstrap(held.Groups);
            bootstrap.Percentile(GroupStatistics.Auroc(held.Labels, held.Scores, held.Groups));
            double[] other = [.. held.Scores.Select((score, i) => score + i % 7)], correct = [.. held.Labels.Select(label => label ? 1.0 : 0)];
            bootstrap.Percentile(GroupStatistics.Difference(GroupStatistics.Auroc(held.Labels, held.Scores, held.Groups),
                GroupStatistics.Auroc(held.Labels, other, held.Groups)));
            bootstrap.Percentile(GroupStatistics.Mean(correct, held.Groups));
            var all = new ClusteredBootstrap(groups);
            double[] labels = [.. states.Labels.Select(label => label ? 1.0 : 0)];
            for (var layer = 0; layer < layers; layer++) all.Percentile(GroupStatistics.Correlation([.. states.Unit(layer)], labels, groups));
            return 0;
        });
        int[] near = [.. Enumerable.Range(result.Probe.Layer - 1, 3).Where(layer => layer >= 0 && layer < layers)];
        var (_, path) = Time(log, "L1 path at the chosen layer and its neighbours", () => L1Probe.Run(data, split, near));
        foreach (var (c, share, auroc, violation) in path.Select(point => (point.C, point.NonZeroShare, point.InnerAuroc, point.Violation)))
            log.WriteLine(FormattableString.Invariant($"    C {c:G3}: {share:P1} of all units, inner AUROC {auroc:0.000}, violation {violation:G2}"));
        Time(log, "MLP at the chosen layer and its neighbours", () => MlpProbe.Run(data, split, near));
        if (permutations > 0)
        {
            var p = Time(log, $"permutation test, {permutations} times the whole L2 pipeline", () => L2Probe.PermutationTest(data, split, permutations));
            log.WriteLine($"    p = {p.P:0.0000}");
        }
    }

    static T Time<T>(TextWriter log, string what, Func<T> run)
    {
        // Processor time too: on a shared machine it is what the work costs, and half of it is the wall time of two free cores at best.
        var (watch, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        var result = run();
        var processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        log.WriteLine(FormattableString.Invariant($"{watch.Elapsed.TotalSeconds,8:0.0} s wall {processor,8:0.0} s processor  {what}"));
        log.Flush();
        return result;
    }

    /// <summary>States made when read (as a trace store reads them), with a spectrum like real ones: a few directions carry much of the variance.</summary>
    sealed class MadeUpStates : ILayerStates
    {
        readonly int planted;
        readonly float[] noise;

        public MadeUpStates(int rows, int layers, int units, int planted)
        {
            (Rows, Layers, Units, this.planted) = (rows, layers, units, planted);
            var random = new Xoshiro256(9);
            Labels = new bool[rows];
            for (var row = 0; row < rows; row++) Labels[row] = random.NextDouble() < 0.8;
            noise = new float[rows * units];
            for (var i = 0; i < noise.Length; i++) noise[i] = (float)(random.NextUInt64() >> 40) / (1 << 23) - 1;
        }

        public bool[] Labels { get; }

        public int Rows { get; }

        public int Layers { get; }

        public int Units { get; }

        public IEnumerable<double> Unit(int layer)
        {
            var random = new Xoshiro256((ulong)layer + 77);
            for (var row = 0; row < Rows; row++) yield return random.NextGaussian();
        }

        public void Read(int layer, Span<float> destination)
        {
            const int factors = 20;
            var random = new Xoshiro256((ulong)layer);
            var loadings = new float[factors * Units];
            for (var i = 0; i < loadings.Length; i++) loadings[i] = (float)(random.NextDouble() - 0.5) * 3 / (1 + i / Units);
            noise.CopyTo(destination);
            for (var row = 0; row < Rows; row++)
                for (var f = 0; f < factors; f++)
                {
                    var score = new Vector<float>((float)random.NextGaussian() + (layer == planted && f == 3 && Labels[row] ? 1.5f : 0));
                    var to = MemoryMarshal.Cast<float, Vector<float>>(destination.Slice(row * Units, Units));
                    var loading = MemoryMarshal.Cast<float, Vector<float>>(loadings.AsSpan(f * Units, Units));
                    for (var i = 0; i < to.Length; i++) to[i] += score * loading[i];
                }
        }
    }
}
