using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>attention-sharpness: equivalence of R_pb to 0, by kind and meta-analysed.</summary>
static class SharpnessJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var (study, margin) = (run.Study, run.Options.CorrelationMargin);
        var (rows, attention) = (study.Rows, study.Attention);
        Signal[] measures =
        [
            Signal.Of("r_pb_entropy", rows, row => attention[row].Features.Entropy),
            Signal.Of("r_pb_k_components", rows, row => attention[row].Features.KComponents),
            Signal.Of("r_pb_k_dbscan", rows, row => attention[row].Features.KDbscan),
        ];
        Check.BothClasses("attention sharpness", rows.Labels);
        var varying = measures.Where(measure => Varies(rows.Take(measure))).ToArray();
        foreach (var constant in measures.Except(varying)) run.Notes.Add($"{constant.Name}: the measure is {Decision.Number(constant[rows[0]])} on every map and predicts nothing by construction; it does not judge.");
        if (varying.All(m => m.Name != "r_pb_entropy")) throw new NotRunException("H_s does not vary over the samples.");
        if (varying.All(m => !m.Name.StartsWith("r_pb_k", StringComparison.Ordinal)))
            throw new NotRunException("C_k does not vary in either variant: the grid of image tokens is too small for places to be counted.");

        var pooled = varying.Select(m => run.Add(m.Name, Correlation.PointBiserial(rows.Labels, rows.Take(m), run.Options.Level))).ToArray();
        foreach (var (m, estimate) in varying.Zip(pooled))
        {
            run.Add(m.Name, Bootstrap(run, rows, rows.Take(m)), arm: "bootstrap");
            run.Point($"tost_p_{m.Name}", Equivalence.CorrelationTostP(estimate.Value, estimate.N, margin), estimate.N, estimate.N, "tost-fisher-z");
        }

        Layers(run);
        var mass = rows.Take(row => attention[row].Features.ImageMass);
        if (Varies(mass)) run.Add("r_pb_image_mass", Bootstrap(run, rows, mass), arm: "bootstrap");
        var decisions = varying.SelectMany(m => Decide(run, m)).ToArray();
        run.Assert(pooled.All(estimate => estimate.Contains(0)), string.Join("; ", varying.Zip(pooled, (m, e) => $"{m.Name} {e}")));
        return Decision.All(decisions);
    }

    static bool Varies(double[] values) => values.Max() > values.Min();

    static IEnumerable<Decision> Decide(ClaimRun run, Signal measure)
    {
        var (name, margin) = (measure.Name, run.Options.CorrelationMargin);
        var kinds = run.PerKind(stratum =>
        {
            var own = stratum.Rows.Take(measure);
            return (Fisher: Correlation.PointBiserial(stratum.Rows.Labels, own, run.Options.Level), Clustered: Bootstrap(run, stratum.Rows, own));
        });
        var decisions = new List<Decision>();
        foreach (var (stratum, (fisher, clustered)) in kinds)
        {
            // tanh(z/√(n−3)) is the half width at r = 0: wider than the margin, and no data could show equivalence.
            var canShow = Math.Tanh(Distribution.NormalCritical(run.Options.Level) / Math.Sqrt(fisher.N - 3.0)) < margin;
            if (!canShow)
            {
                run.Add(name, fisher, stratum.Name);
                run.Add(name, clustered, stratum.Name, arm: "bootstrap");
                run.Notes.Add($"{stratum.Name}: {fisher.N} rows cannot show |R_pb| < {margin}, at least {Power.NeededForCorrelationEquivalence(margin)} are needed; reported, does not judge.");
                continue;
            }

            run.Decisive(name, fisher, stratum.Name);
            run.Decisive(name, clustered, stratum.Name, arm: "bootstrap");
            var (first, second) = (Decision.Within($"{name} on {stratum.Name}", fisher, 0, margin), Decision.Within($"{name} on {stratum.Name} (images resampled)", clustered, 0, margin));
            // Both have to agree: where one refutes and the other does not, the interval has not decided.
            decisions.Add(first.Verdict == second.Verdict ? second : first.Verdict == Verdict.Inconclusive ? first : second with { Verdict = Verdict.Inconclusive });
        }

        var meta = MetaAnalysis.OfCorrelations([.. kinds.Select(k => k.Value.Fisher.Value)], [.. kinds.Select(k => k.Value.Fisher.N)], run.Options.Level);
        var (n, groups) = (kinds.Sum(k => k.Value.Fisher.N), run.Study.Rows.Images.Count);
        var estimate = run.Decisive(name, meta.Pooled with { N = n, Groups = groups }, "within-kind", arm: "meta-analysis");
        run.Point($"{name}_i2", meta.I2, n, groups, "cochran-q", "within-kind", arm: "meta-analysis");
        decisions.Add(Decision.Within($"{name} over kinds", estimate, 0, margin));
        return decisions;
    }

    static Estimate Bootstrap(ClaimRun run, RowSet rows, double[] values) =>
        run.Study.Bootstrap(rows.Images).Percentile(GroupStatistics.Correlation(values, rows.Numbers, rows.Images), run.Options.Level);

    static void Layers(ClaimRun run)
    {
        var (rows, attention) = (run.Study.Rows, run.Study.Attention);
        for (var layer = 0; layer < run.Study.Trace.Facts.Layers; layer++)
        {
            var values = rows.Take(row => attention[row].EntropyByLayer[layer]);
            if (Varies(values)) run.Add("r_pb_entropy", Correlation.PointBiserial(rows.Labels, values, run.Options.Level), layer: layer);
        }
    }
}
