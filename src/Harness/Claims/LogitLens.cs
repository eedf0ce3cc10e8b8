using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>logit-lens: the layer at which the truth margin peaks, and the MLPs' share of it. Needs no labels.</summary>
public sealed class LogitLens : Claim
{
    /// <summary>Share of the depth from which on a peak is late.</summary>
    public const double LateDepth = 2.0 / 3;

    /// <summary>What the MLPs' share has to exceed.</summary>
    const double Half = 0.5;

    public override string Id => "logit-lens";

    public override string Text => "Reliability forms late, and mostly in the MLPs.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("peak_margin", "peak truth margin, logits", 9.20, 10.85, 8.40, "at L31, L14, L27"),
        new("peak_layer", "its layer", 31, 14, 27, "of 32, 18 and 28"),
        new("mlp_share", "share of the MLPs, %", 82.1, 47.6, 68.2) { Scale = 100 },
    ];

    public override string PublishedForm =>
        "The mean margin peaks in the last third of the layers and the MLPs' share is above half (LLaVA, Qwen2-VL; PaliGemma's printed 47.6 % is below).";

    public override string JudgedForm =>
        "The layer at which the mean truth margin peaks lies in the last third of the depth over image-clustered resamples, and the MLPs' share of "
        + "direct logit attribution lies above one half.";

    public override string Method =>
        "Truth margin per layer through the **final norm** and the head; share = Σ|MLP| / Σ(|MLP| + |attention|) of direct logit attribution for the "
        + "truth token, over layers and questions, one estimator for all families; image-clustered bootstrap (10,000 draws) of peak depth and share.";

    public override string SupportedWhen => $"the peak's interval lies in the last third and the share's above {Shown(Half)}";

    public override string RefutedWhen => "either is entirely on the other side";

    public override string NotRunWhen => "lens or attribution is missing or not finite, or the last layer's lens is not the model's own margin";

    public override IReadOnlyList<string> Traps =>
    [
        "A lens without the final norm, or with it twice, peaks anywhere: the last layer's lens is checked against the model's own logits for every "
            + "question.",
        "Each family had an estimator of its own for the share: one estimator for all.",
        "The difference to a grey image is another measure and goes by its own name.",
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var (study, options) = (run.Study, run.Options);
        var trace = study.Trace;
        var layers = trace.Facts.Layers;
        foreach (var (name, array) in new[] { ("logit lens margins", trace.LensMargin), ("MLP attributions", trace.MlpAttribution),
            ("attention attributions", trace.AttentionAttribution) })
            if (array.GetLength(0) != trace.Count || array.GetLength(1) != layers)
                throw new NotRunException($"{name} are [{array.GetLength(0)} × {array.GetLength(1)}], expected [{trace.Count} × {layers}].",
                    "a trace with the logit lens");
        if (layers < 4) throw new NotRunException($"a course over depth needs at least 4 layers, the model has {layers}.");
        StudyRow[] questions = [.. study.All.Where(row => row.Record.TruthToken is not null)];
        if (questions.Length < options.MinimumCell) throw new NotRunException($"{questions.Length} questions have a gold token for the lens, fewer than "
            + $"{options.MinimumCell}.");
        CheckLastLayer(trace, questions);
        if (questions.Length < trace.Count) run.Notes.Add($"{trace.Count - questions.Length} questions have no single gold token and are not in the lens.");

        var groups = Groups.From(questions.Select(row => row.Image));
        var margins = Enumerable.Range(0, layers).Select(layer => Column(trace.LensMargin, questions, layer, "logit lens margin")).ToArray();
        double[][] mlp = [.. Enumerable.Range(0, layers).Select(layer => Column(trace.MlpAttribution, questions, layer, "MLP attribution"))];
        double[][] attention = [.. Enumerable.Range(0, layers).Select(layer => Column(trace.AttentionAttribution, questions, layer, "attention attribution"))];
        for (var layer = 0; layer < layers; layer++)
        {
            run.Add("margin", ClusteredMean.Interval(margins[layer], groups, options.Level), layer: layer);
            run.Add("mlp_attribution", ClusteredMean.Interval(mlp[layer], groups, options.Level), layer: layer);
            run.Add("attention_attribution", ClusteredMean.Interval(attention[layer], groups, options.Level), layer: layer);
            if (trace.GreyMargin is { } grey)
            {
                double[] gain = [.. margins[layer].Zip(Column(grey, questions, layer, "grey margin"), (image, without) => image - without)];
                run.Add("margin_minus_grey", ClusteredMean.Interval(gain, groups, options.Level), layer: layer);
            }
        }

        var bootstrap = study.Bootstrap(groups);
        var means = margins.Select(values => values.Average()).ToArray();
        var peak = Array.IndexOf(means, means.Max());
        run.Add("peak_margin", ClusteredMean.Interval(margins[peak], groups, options.Level), layer: peak);
        run.Point("peak_layer", peak, questions.Length, groups.Count, "largest-mean-margin");
        var depth = run.Decisive("peak_depth", bootstrap.Percentile(PeakDepth(margins, groups), options.Level));
        double[] ofMlp = Sizes(mlp), ofAttention = Sizes(attention), both = [.. ofMlp.Zip(ofAttention, (a, b) => a + b)];
        if (both.Sum() == 0) throw new NotRunException("all direct logit attributions are 0: nothing was captured.");
        var share = run.Decisive("mlp_share", bootstrap.Percentile(GroupStatistics.Ratio(ofMlp, both, groups), options.Level));
        run.Published(peak / (layers - 1.0) >= options.LateDepth && share.Value > Half,
            $"peak {NumberText.Number(means[peak])} at layer {peak} of {layers}, MLP share {share}; printed {Published("peak_margin", study.Family)} at "
                + $"L{Published("peak_layer", study.Family)}, {Published("mlp_share", study.Family)} %");
        return Decision.All(
        [
            // A peak exactly at two thirds of the depth is late.
            Decision.Above("relative depth of the peak", depth, options.LateDepth - 1e-6),
            Decision.Above("MLPs' share of direct logit attribution", share, Half),
        ]);
    }

    /// <summary>The last layer's lens must be the model's own logits: their difference is that of the first token's log-probabilities, where the trace lists
    /// both tokens.</summary>
    static void CheckLastLayer(TraceSet trace, StudyRow[] questions)
    {
        foreach (var row in questions)
        {
            var record = row.Record;
            double? Log(int? token) =>
                record.FirstToken.FirstOrDefault(t => t.Id == token) is { Probability: > 0 } listed ? Math.Log(listed.Probability) : null;
            if (Log(record.TruthToken) is not { } truth || Log(record.CompetitorToken) is not { } competitor) continue;
            double lens = trace.LensMargin[row.Place, trace.Facts.Layers - 1], own = truth - competitor;
            // Logits are float32 and their difference is taken twice: 1e-3 of its size is far above rounding, a norm too few or too many is far above 1e-3.
            if (double.IsNaN(lens) || Math.Abs(lens - own) > 1e-3 * (1 + Math.Abs(own)))
                throw new NotRunException($"question {row.Id}: the last layer's lens gives a margin of {lens:0.####}, the model's own logits give "
                    + $"{own:0.####}. "
                    + "The lens must pass the final norm exactly once.", "a new trace");
        }
    }

    static double[] Column(float[,] array, StudyRow[] questions, int layer, string name)
    {
        double[] column = [.. questions.Select(row => (double)array[row.Place, layer])];
        Check.Finite("logit lens", $"{name} of layer {layer}", column);
        return column;
    }

    static double[] Sizes(double[][] byLayer) => [.. Enumerable.Range(0, byLayer[0].Length).Select(i => byLayer.Sum(layer => Math.Abs(layer[i])))];

    static GroupStatistic PeakDepth(double[][] margins, Groups groups)
    {
        var sums = margins.Select(values =>
        {
            var sum = new double[groups.Count];
            for (var i = 0; i < values.Length; i++) sum[groups.Of[i]] += values[i];
            return sum;
        }).ToArray();
        return counts =>
        {
            var (best, at) = (double.NegativeInfinity, 0);
            for (var layer = 0; layer < sums.Length; layer++)
            {
                var total = 0.0;
                for (var g = 0; g < counts.Length; g++) total += counts[g] * sums[layer][g];
                if (total > best) (best, at) = (total, layer);
            }

            return at / (sums.Length - 1.0);
        };
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var late = ClaimScenarios.Ablatable with { Images = 60, Layers = 6 };
        yield return Planted(Supported, "the margin peaks at the last layer, MLPs carry 70 %", late);
        yield return Planted(Refuted, "the margin peaks at layer 1 of 6", late with { Margins = [0, 5, 0] });
        yield return Planted(Refuted, "attention carries 70 %", late with { MlpShare = 0.3 });
        yield return Planted(Inconclusive, "layers 3 and 4 of 6 share the peak", late with { Margins = [0, 0, 0, 5, 5], Images = 10 });
        yield return Planted(NotRun, "the last layer's lens is not the model's margin", late, trace => ClaimScenarios.Spoil(trace, spoilLens: true));
    }
}

/// <summary>logit-lens in a study.</summary>
public sealed class LogitLensEstimates(StudyResult study) : ClaimEstimates<LogitLens>(study)
{
    /// <summary>Largest mean truth margin, logits.</summary>
    public StudyEstimate PeakMargin => Row("peak_margin");

    /// <summary>Its layer.</summary>
    public StudyEstimate PeakLayer => Row("peak_layer");

    /// <summary>Its layer as a share of the depth, over resampled images.</summary>
    public StudyEstimate PeakDepth => Row("peak_depth");

    /// <summary>Share of the MLPs in direct logit attribution.</summary>
    public StudyEstimate MlpShare => Row("mlp_share");
}

/// <summary>Finds logit-lens in a study.</summary>
public static class LogitLensOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="LogitLensEstimates"/>
        public LogitLensEstimates LogitLens => new(study);
    }
}
