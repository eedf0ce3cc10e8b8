using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Measures;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>attention-sharpness: equivalence of R_pb to 0, by kind and meta-analysed.</summary>
public sealed class AttentionSharpness : Claim
{
    /// <summary>Largest correlation that counts as none.</summary>
    public const double Margin = 0.1;

    public override string Id => "attention-sharpness";

    public override string Text =>
        "The structure of attention over the image, its sharpness H_s and its number of places C_k, does not predict whether the answer is correct.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        PublishedFigure.Pooled("r_pb_k", "R_pb(C_k, correct)", 0.001,
            "95 % CI [-0.034, 0.036], n = 3,090, all families pooled") with { Row = "r_pb_k_components", Kind = "all" },
        PublishedFigure.Pooled("r_pb_entropy", "R_pb(H_s, correct)", -0.012, "95 % CI [-0.047, 0.024], n = 3,090, all families pooled") with { Kind = "all" },
    ];

    public override string PublishedForm => "The Fisher-z intervals of R_pb(C_k, correct) and R_pb(H_s, correct), all kinds pooled, hold 0.";

    public override string JudgedForm =>
        $"Equivalence: for H_s and both variants of C_k the Fisher-z interval **and** the image-clustered bootstrap interval lie inside ±{Shown(Margin)}, "
        + "in every question kind that is large enough to show it, and in the fixed-effect meta-analysis over kinds.";

    public override string Method =>
        "M = attention of the last prompt token to the image tokens (found by token id), mean over heads, renormalised, mean over layers; H_s = −Σ M log "
        + "M (nats); C_k as k_dbscan (ε 1.5, min_samples 3, top tenth of cells by rank) and k_components (8-connected components of the top 30 % of the "
        + "mass, minus one). Fisher z, bootstrap of images (10,000 draws, percentile), fixed-effect meta-analysis of Fisher z. A kind whose interval would "
        + "be wider than the margin even at r = 0 is reported and does not judge.";

    public override string SupportedWhen => $"all those intervals lie inside ±{Shown(Margin)} (each side at 2.5 %: stricter than the usual TOST at 5 %)";

    public override string RefutedWhen => $"both intervals of one measure are entirely outside ±{Shown(Margin)} in a kind, or the meta-analysis does";

    public override string NotRunWhen => "attention is missing or not finite, H_s does not vary, both variants of C_k are constant, or labels have one class";

    public override IReadOnlyList<string> Traps =>
    [
        "\"The interval holds 0\" gets easier with less data; equivalence against a margin gets harder.",
        "A missing map was once turned into a uniform one, and NaN into 0: here both are errors, and a map that sums to 0 is never filled in.",
        "One family's image tokens were taken from fixed offsets: spans come from token ids, Qwen2-VL's grid from image_grid_thw.",
        "Pooling question kinds mixes easy and hard ones (Simpson); kinds are judged apart and then meta-analysed, the pooled figure stands beside.",
        "Attention *mass* on the image is another thing (0.74 AUROC, arXiv 2411.16724) and is reported as image_mass.",
        Duplicates,
    ];

    internal override Decision Judge(ClaimRun run)
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
        foreach (var constant in measures.Except(varying)) run.Notes.Add($"{constant.Name}: the measure is {NumberText.Number(constant[rows[0]])} on every "
            + "map and predicts nothing by construction; it does not judge.");
        if (varying.All(m => m.Name != "r_pb_entropy")) throw new NotRunException("H_s does not vary over the questions.");
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
        run.Published(pooled.All(estimate => estimate.Contains(0)), string.Join("; ", varying.Zip(pooled, (m, e) => $"{m.Name} {e}")));
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
                run.Notes.Add($"{stratum.Name}: {fisher.N} rows cannot show |R_pb| < {margin}, at least {Power.NeededForCorrelationEquivalence(margin)} are "
                    + "needed; reported, does not judge.");
                continue;
            }

            run.Decisive(name, fisher, stratum.Name);
            run.Decisive(name, clustered, stratum.Name, arm: "bootstrap");
            var (first, second) = (Decision.Within($"{name} on {stratum.Name}", fisher, 0, margin),
                Decision.Within($"{name} on {stratum.Name} (images resampled)", clustered, 0, margin));
            // Both have to agree: where one refutes and the other does not, the interval has not decided.
            decisions.Add(first.Verdict == second.Verdict ? second
                : first.Verdict == Verdict.Inconclusive ? first : second with { Verdict = Verdict.Inconclusive });
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

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var small = ClaimScenarios.Maps;
        yield return Planted(Supported, "maps that know nothing, 2,400 questions", small);
        yield return Planted(Refuted, "maps that are sharper on right answers", small with { Attention = 1, Images = 150 });
        yield return Planted(Inconclusive, "maps that know nothing, 90 questions", small with { Images = 15 });
        yield return Planted(NotRun, "a NaN in one map", small with { Images = 40 }, trace => ClaimScenarios.Spoil(trace, spoilMap: true));
    }
}

/// <summary>attention-sharpness in a study.</summary>
public sealed class SharpnessEstimates(StudyResult study) : ClaimEstimates<AttentionSharpness>(study)
{
    /// <summary>R_pb of H_s and of both variants of C_k, all kinds pooled, as the study printed them; a measure that is the same on every map is not among
    /// them.</summary>
    public IEnumerable<StudyEstimate> Pooled =>
        new[] { "r_pb_entropy", "r_pb_k_components", "r_pb_k_dbscan" }.SelectMany(Rows).Where(row => row is { Kind: "all", Layer: null, Arm: null });

    /// <summary>The intervals that judge: by kind, and over kinds.</summary>
    public IEnumerable<StudyEstimate> Judging => Result.Deciding;
}

/// <summary>Finds attention-sharpness in a study.</summary>
public static class SharpnessOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="SharpnessEstimates"/>
        public SharpnessEstimates Sharpness => new(study);
    }
}
