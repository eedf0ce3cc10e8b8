using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>attention-heads: R² of the best heads on images that they were not chosen on.</summary>
public sealed class AttentionHeads : Claim
{
    /// <summary>Largest R² that counts as no help (Cohen's small effect).</summary>
    public const double Margin = 0.02;

    public override string Id => "attention-heads";

    public override string Text => "Choosing the best attention heads does not help: their entropies explain next to nothing of correctness.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("r2_top_heads", "R² of the top-K heads, at most", 0.008, 0.080, 0.007) { Kind = "within-kind" },
    ];

    public override string PublishedForm => "R² of the top-K heads is at most the family's printed figure.";

    public override string JudgedForm =>
        $"R² on images other than those that heads and coefficients were chosen on lies below {Shown(Margin)} (a small effect after Cohen 1988).";

    public override string Method =>
        "The five heads of all layers with the largest |R_pb| between entropy and correctness, least squares on their entropies, per question kind, "
        + $"{HeldOut}; R² = 1 − Σ(y−ŷ)²/Σ(y−ȳ_fit)², summed over kinds; image-clustered bootstrap (10,000 draws, percentile). Heads that put no weight on "
        + "the image in some sample are left out and counted.";

    public override string SupportedWhen => $"the whole interval of R² lies below {Shown(Margin)}";

    public override string RefutedWhen => $"the whole interval of R² lies above {Shown(Margin)}";

    public override string NotRunWhen => "attention is missing, fewer than five heads vary, or a half has one class";

    public override IReadOnlyList<string> Traps =>
    [
        "The best of a thousand heads on the rows that they were chosen on always explains something: selection and scoring never share an image.",
        "Held-out R² may be negative; it is not cut at 0.",
        Duplicates,
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var study = run.Study;
        var attention = study.Attention;
        var lost = study.Trace.Facts.Layers * study.Trace.Facts.Heads - attention.KeptHeads.Length;
        if (lost > 0) run.Notes.Add($"{lost} heads put no weight on the image in some sample, have no entropy there and are left out.");
        var kinds = run.PerKind(stratum =>
        {
            var rows = stratum.Rows;
            var result = HeadRegression.Compute([.. rows.Select(row => attention[row].HeadEntropies)], rows.Labels, rows.Images,
                rows.Split.Fitting.ToArray(), rows.Split.Scored.ToArray(), run.Options.TopHeads);
            return (Result: result, Scored: rows.Of(rows.Scored));
        });

        var (rows, residual, total) = (new List<StudyRow>(), new List<double>(), new List<double>());
        foreach (var (stratum, (result, scored)) in kinds)
        {
            run.Point("r2_top_heads", result.R2, result.N, result.Groups, "held-out-least-squares", stratum.Name, seed: run.Options.Seed);
            rows.AddRange(scored);
            residual.AddRange(scored.Numbers.Zip(result.Predicted, (right, predicted) => Math.Pow(right - predicted, 2)));
            total.AddRange(scored.Numbers.Select(right => Math.Pow(right - result.FittingMean, 2)));

            foreach (var (head, rank) in result.Heads.Select((head, rank) => (head, rank)))
                run.Point("chosen_head", attention.KeptHeads[head] % study.Trace.Facts.Heads, result.N, result.Groups, "largest-r-pb-on-fitting-half",
                    stratum.Name, attention.KeptHeads[head] / study.Trace.Facts.Heads, $"rank-{rank + 1}");
        }

        var images = study.Rows.Of(rows).Images;
        var unexplained = GroupStatistics.Ratio([.. residual], [.. total], images);
        var r2 = run.Decisive("r2_top_heads", study.Bootstrap(images).Percentile(counts => 1 - unexplained(counts), run.Options.Level), "within-kind");
        var printed = Published("r2_top_heads", study.Family);
        run.Published(printed is { } most ? r2.Value <= most : null, $"R² {r2}; printed: at most {printed}");
        return Decision.Below("held-out R² of the best heads", r2, run.Options.HeadRegressionMargin);
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var small = ClaimScenarios.Maps;
        yield return Planted(Supported, "heads that know nothing", small);
        yield return Planted(Refuted, "one head that knows", small with { OneHead = 3, Images = 150 });
        yield return Planted(Inconclusive, "one head that knows a little, 180 questions", small with { OneHead = 0.75, Images = 30, Seed = 5 });
        yield return Planted(NotRun, "fewer heads than are to be chosen", small with { Layers = 2, Heads = 2, Images = 40 });
    }
}

/// <summary>attention-heads in a study.</summary>
public sealed class HeadsEstimates(StudyResult study) : ClaimEstimates<AttentionHeads>(study)
{
    /// <summary>R² of the top heads on the scored images, over kinds.</summary>
    public StudyEstimate RSquared => Row("r2_top_heads", "within-kind");
}

/// <summary>Finds attention-heads in a study.</summary>
public static class HeadsOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="HeadsEstimates"/>
        public HeadsEstimates Heads => new(study);
    }
}
