using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>The linear probe on POPE's yes/no questions, which three claims and samples.jsonl share.</summary>
/// <param name="Rows">The study's rows of that kind; the probe's row numbers are places in it.</param>
/// <param name="Data">States, labels, images of those rows.</param>
/// <param name="Split">The study's split among them.</param>
/// <param name="Result">The L2 probe.</param>
/// <param name="PermutedAurocs">Of permuted labels.</param>
/// <param name="P">Permutation p.</param>
sealed record ProbeStudy(int[] Rows, ProbeData Data, Split Split, ProbeResult Result, double[] PermutedAurocs, double P)
{
    /// <exception cref="NotRunException">Fewer yes/no questions than the minimum cell. One class in a part: <see cref="OneClassException"/>; NaN: <see cref="NotFiniteException"/>.</exception>
    public static ProbeStudy Run(StudyContext study)
    {
        var rows = study.RowsOf(QuestionKind.YesNo);
        if (rows.Length < study.Options.MinimumCell)
            throw new NotRunException($"the probe is judged on yes/no questions, and there are {rows.Length}; at least {study.Options.MinimumCell} are needed.", "a data set with POPE questions");
        var (split, groups) = study.SplitOf(rows);
        var data = new ProbeData(TraceStates.Of(study.Trace, [.. rows.Select(row => study.Rows[row])]), study.LabelsOf(rows), groups);
        var options = L2Options.Default with { Seed = study.Options.Seed };
        var result = L2Probe.Run(data, split, options);
        var permuted = study.Simulations.Get("l2-probe-permuted-aurocs", About(study, rows, data, split, options), () => L2Probe.PermutedAurocs(data, split, study.Options.Permutations, study.Options.Seed, options));
        return new ProbeStudy(rows, data, split, result, permuted, Permutation.PValue(Auroc.Value(result.HeldOut.Labels, result.HeldOut.Scores), permuted));
    }

    /// <summary>A study-wide signal on the probe's rows.</summary>
    public double[] Take(IReadOnlyList<double> values) => [.. Rows.Select(row => values[row])];

    /// <summary>Everything that the permuted AUROCs depend on but the program itself; null where the states have no key to be known by.</summary>
    static string? About(StudyContext study, int[] rows, ProbeData data, Split split, L2Options options) => study.Trace.Facts.Key.Length == 0 ? null : JsonSerializer.Serialize(new
    {
        study.Trace.Facts.Key,
        Ids = rows.Select(row => study.Record(row).Sample.Id),
        data.Labels,
        Groups = data.Groups.Of.ToArray(),
        Fitting = split.Fitting.ToArray(),
        Scored = split.Scored.ToArray(),
        options.Penalties,
        options.InnerFolds,
        options.SelectionTolerance,
        study.Options.Permutations,
        study.Options.Seed,
    });
}
