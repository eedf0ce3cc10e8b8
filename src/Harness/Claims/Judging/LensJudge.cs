using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims.Judging;

/// <summary>logit-lens: where the truth margin peaks, and whose work it is. Needs no labels.</summary>
static class LensJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var (study, options) = (run.Study, run.Options);
        var trace = study.Trace;
        var layers = trace.Facts.Layers;
        foreach (var (name, array) in new[] { ("logit lens margins", trace.LensMargin), ("MLP attributions", trace.MlpAttribution), ("attention attributions", trace.AttentionAttribution) })
            if (array.GetLength(0) != trace.Count || array.GetLength(1) != layers)
                throw new NotRunException($"{name} are [{array.GetLength(0)} × {array.GetLength(1)}], expected [{trace.Count} × {layers}].", "a trace with the logit lens");
        if (layers < 4) throw new NotRunException($"a course over depth needs at least 4 layers, the model has {layers}.");
        StudyRow[] samples = [.. study.All.Where(row => row.Record.TruthToken is not null)];
        if (samples.Length < options.MinimumCell) throw new NotRunException($"{samples.Length} questions have a gold token for the lens, fewer than {options.MinimumCell}.");
        CheckLastLayer(trace, samples);
        if (samples.Length < trace.Count) run.Notes.Add($"{trace.Count - samples.Length} questions have no single gold token and are not in the lens.");

        var groups = Groups.From(samples.Select(row => row.Image));
        var margins = Enumerable.Range(0, layers).Select(layer => Column(trace.LensMargin, samples, layer, "logit lens margin")).ToArray();
        double[][] mlp = [.. Enumerable.Range(0, layers).Select(layer => Column(trace.MlpAttribution, samples, layer, "MLP attribution"))];
        double[][] attention = [.. Enumerable.Range(0, layers).Select(layer => Column(trace.AttentionAttribution, samples, layer, "attention attribution"))];
        for (var layer = 0; layer < layers; layer++)
        {
            run.Add("margin", ClusteredMean.Interval(margins[layer], groups, options.Level), layer: layer);
            run.Add("mlp_attribution", ClusteredMean.Interval(mlp[layer], groups, options.Level), layer: layer);
            run.Add("attention_attribution", ClusteredMean.Interval(attention[layer], groups, options.Level), layer: layer);
            if (trace.GreyMargin is { } grey)
                run.Add("margin_minus_grey", ClusteredMean.Interval([.. margins[layer].Zip(Column(grey, samples, layer, "grey margin"), (image, without) => image - without)], groups, options.Level), layer: layer);
        }

        var bootstrap = study.Bootstrap(groups);
        var means = margins.Select(values => values.Average()).ToArray();
        var peak = Array.IndexOf(means, means.Max());
        run.Add("peak_margin", ClusteredMean.Interval(margins[peak], groups, options.Level), layer: peak);
        run.Point("peak_layer", peak, samples.Length, groups.Count, "largest-mean-margin");
        var depth = run.Decisive("peak_depth", bootstrap.Percentile(PeakDepth(margins, groups), options.Level));
        double[] ofMlp = Sizes(mlp), ofAttention = Sizes(attention), both = [.. ofMlp.Zip(ofAttention, (a, b) => a + b)];
        if (both.Sum() == 0) throw new NotRunException("all direct logit attributions are 0: nothing was captured.");
        var share = run.Decisive("mlp_share", bootstrap.Percentile(GroupStatistics.Ratio(ofMlp, both, groups), options.Level));
        run.Assert(peak / (layers - 1.0) >= options.LateDepth && share.Value > 0.5,
            $"peak {Decision.Number(means[peak])} at layer {peak} of {layers}, MLP share {share}; printed {run.Claim.Published("peak_margin", study.Family)} at L{run.Claim.Published("peak_layer", study.Family)}, {run.Claim.Published("mlp_share", study.Family)} %");
        return Decision.All(
        [
            // A peak exactly at two thirds of the depth is late.
            Decision.Above("relative depth of the peak", depth, options.LateDepth - 1e-6),
            Decision.Above("MLPs' share of direct logit attribution", share, 0.5),
        ]);
    }

    /// <summary>The last layer's lens must be the model's own logits: their difference is that of the first token's log-probabilities, where the trace lists both tokens.</summary>
    static void CheckLastLayer(TraceSet trace, StudyRow[] samples)
    {
        foreach (var row in samples)
        {
            var record = row.Record;
            double? Log(int? token) => record.FirstToken.FirstOrDefault(t => t.Id == token) is { Probability: > 0 } listed ? Math.Log(listed.Probability) : null;
            if (Log(record.TruthToken) is not { } truth || Log(record.CompetitorToken) is not { } competitor) continue;
            double lens = trace.LensMargin[row.Place, trace.Facts.Layers - 1], own = truth - competitor;
            // Logits are float32 and their difference is taken twice: 1e-3 of its size is far above rounding, a norm too few or too many is far above 1e-3.
            if (double.IsNaN(lens) || Math.Abs(lens - own) > 1e-3 * (1 + Math.Abs(own)))
                throw new NotRunException($"sample {row.Id}: the last layer's lens gives a margin of {lens:0.####}, the model's own logits give {own:0.####}. The lens must pass the final norm exactly once.", "a new trace");
        }
    }

    static double[] Column(float[,] array, StudyRow[] samples, int layer, string name)
    {
        double[] column = [.. samples.Select(row => (double)array[row.Place, layer])];
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
}
