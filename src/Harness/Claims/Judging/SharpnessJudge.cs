using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>attention-sharpness: equivalence of R_pb to 0, by kind and meta-analysed.</summary>
static class SharpnessJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var (study, margin) = (run.Study, run.Options.CorrelationMargin);
        var features = study.Attention.Features;
        var measures = new (string Name, double[] Values)[]
        {
            ("r_pb_entropy", [.. features.Select(f => f.Entropy)]),
            ("r_pb_k_components", [.. features.Select(f => (double)f.KComponents)]),
            ("r_pb_k_dbscan", [.. features.Select(f => (double)f.KDbscan)]),
        };
        Check.BothClasses("attention sharpness", study.Labels);
        var varying = measures.Where(m => m.Values.Max() > m.Values.Min()).ToArray();
        foreach (var (name, values) in measures.Except(varying)) run.Notes.Add($"{name}: the measure is {Decision.Number(values[0])} on every map and predicts nothing by construction; it does not judge.");
        if (varying.All(m => m.Name != "r_pb_entropy")) throw new NotRunException("H_s does not vary over the samples.");
        if (varying.All(m => !m.Name.StartsWith("r_pb_k", StringComparison.Ordinal)))
            throw new NotRunException("C_k does not vary in either variant: the grid of image tokens is too small for places to be counted.");

        var pooled = varying.Select(m => run.Add(m.Name, Correlation.PointBiserial(study.Labels, m.Values, run.Options.Level))).ToArray();
        foreach (var (m, estimate) in varying.Zip(pooled))
        {
            run.Add(m.Name, Bootstrap(run, study.Groups, m.Values, study.Numbers), arm: "bootstrap");
            run.Point($"tost_p_{m.Name}", Equivalence.CorrelationTostP(estimate.Value, estimate.N, margin), estimate.N, estimate.N, "tost-fisher-z");
        }

        Layers(run);
        Report(run, "r_pb_image_mass", [.. features.Select(f => f.ImageMass)]);
        var decisions = varying.SelectMany(m => Decide(run, m.Name, m.Values)).ToArray();
        run.Assert(pooled.All(estimate => estimate.Contains(0)), string.Join("; ", varying.Zip(pooled, (m, e) => $"{m.Name} {e}")));
        return Decision.All(decisions);
    }

    static IEnumerable<Decision> Decide(ClaimRun run, string name, double[] values)
    {
        var (study, margin) = (run.Study, run.Options.CorrelationMargin);
        var kinds = run.PerKind(stratum =>
        {
            var labels = study.LabelsOf(stratum.Rows);
            double[] own = [.. stratum.Rows.Select(row => values[row])];
            var fisher = Correlation.PointBiserial(labels, own, run.Options.Level);
            var clustered = Bootstrap(run, study.Groups.Select(stratum.Rows), own, [.. stratum.Rows.Select(row => study.Numbers[row])]);
            return (Fisher: fisher, Clustered: clustered);
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
        var (n, groups) = (kinds.Sum(k => k.Value.Fisher.N), run.Study.Groups.Count);
        var estimate = run.Decisive(name, meta.Pooled with { N = n, Groups = groups }, "within-kind", arm: "meta-analysis");
        run.Point($"{name}_i2", meta.I2, n, groups, "cochran-q", "within-kind", arm: "meta-analysis");
        decisions.Add(Decision.Within($"{name} over kinds", estimate, 0, margin));
        return decisions;
    }

    static Estimate Bootstrap(ClaimRun run, Groups groups, double[] values, double[] labels) =>
        run.Study.Bootstrap(groups).Percentile(GroupStatistics.Correlation(values, labels, groups), run.Options.Level);

    static void Layers(ClaimRun run)
    {
        for (var layer = 0; layer < run.Study.Trace.Facts.Layers; layer++)
        {
            double[] values = [.. run.Study.Attention.EntropyByLayer.Select(byLayer => byLayer[layer])];
            if (values.Max() > values.Min()) run.Add("r_pb_entropy", Correlation.PointBiserial(run.Study.Labels, values, run.Options.Level), layer: layer);
        }
    }

    static void Report(ClaimRun run, string name, double[] values)
    {
        if (values.Max() > values.Min()) run.Add(name, Bootstrap(run, run.Study.Groups, values, run.Study.Numbers), arm: "bootstrap");
    }
}
