using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>Computes a null distribution, or gives what was computed before from the same. They cost more than all other judging and depend on nothing that a
/// threshold changes.</summary>
/// <param name="name">What is simulated.</param>
/// <param name="about">Everything that the result depends on but the program; null: it cannot be known, compute.</param>
/// <param name="compute">The simulation.</param>
public delegate double[] KeepSimulation(string name, string? about, Func<double[]> compute);

/// <summary>The linear probe on POPE's yes/no questions, which three claims and samples.jsonl share.</summary>
/// <param name="Rows">The study's rows of that kind.</param>
/// <param name="Data">Their states, labels, images.</param>
/// <param name="Result">The L2 probe.</param>
/// <param name="HeldOut">Its scores of the rows that it was not fitted on.</param>
/// <param name="PermutedAurocs">Of permuted labels.</param>
/// <param name="P">Permutation p.</param>
sealed record ProbeStudy(RowSet Rows, ProbeData Data, ProbeResult Result, Signal HeldOut, double[] PermutedAurocs, double P)
{
    /// <exception cref="NotRunException">Fewer yes/no questions than the minimum cell. One class in a part: <see cref="OneClassException"/>; NaN:
    /// <see cref="NotFiniteException"/>.</exception>
    public static ProbeStudy Run(StudyContext study)
    {
        var rows = study.RowsOf(QuestionKind.YesNo);
        if (rows.Count < study.Options.MinimumCell)
            throw new NotRunException($"the probe is judged on yes/no questions, and there are {rows.Count}; at least {study.Options.MinimumCell} are needed.",
                "a data set with POPE questions");
        var split = rows.Split;
        var data = new ProbeData(TraceStates.Of(study.Trace, rows), rows.Labels, rows.Images);
        var options = L2Options.Default with { Seed = study.Options.Seed };
        var result = L2Probe.Run(data, split, options);
        var permuted = study.Simulate("l2-probe-permuted-aurocs", About(study, rows, options),
            () => L2Probe.PermutedAurocs(data, split, study.Options.Permutations, study.Options.Seed, options));
        return new ProbeStudy(rows, data, result, ScoresOf("probe", rows, result), permuted,
            Permutation.PValue(Auroc.Value(result.HeldOut.Labels, result.HeldOut.Scores), permuted));
    }

    /// <summary>A probe numbers the rows that it was given; from here on its scores go by the questions' ids.</summary>
    public static Signal ScoresOf(string name, RowSet rows, ProbeResult result) =>
        new(name, result.HeldOut.Rows.Zip(result.HeldOut.Scores).ToDictionary(pair => rows[pair.First].Id, pair => pair.Second));

    /// <summary>Everything that the permuted AUROCs depend on but the program itself; null where the states have no key to be known by.</summary>
    static string? About(StudyContext study, RowSet rows, L2Options options) => study.Trace.Facts.Key.Length == 0 ? null : JsonSerializer.Serialize(new
    {
        study.Trace.Facts.Key,
        Ids = rows.Select(row => row.Id),
        rows.Labels,
        Groups = rows.Images.Of.ToArray(),
        Fitting = rows.Split.Fitting.ToArray(),
        Scored = rows.Split.Scored.ToArray(),
        options.Penalties,
        options.InnerFolds,
        options.SelectionTolerance,
        study.Options.Permutations,
        study.Options.Seed,
    });
}

/// <summary>Some rows' states of a trace, as probes read them.</summary>
/// <param name="trace">Where they come from.</param>
/// <param name="rows">The rows, in the order that the probe numbers them.</param>
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
