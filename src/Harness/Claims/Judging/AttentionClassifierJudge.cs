using Vrp.Harness.Datasets;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>attention-classifier: three classifiers on eleven attention features, each equivalent to chance within a kind.</summary>
static class AttentionClassifierJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var study = run.Study;
        var attention = study.Attention;
        var kinds = run.PerKind(stratum => AttentionClassifier.Run([.. stratum.Rows.Select(row => attention[row].Features)], stratum.Rows.Labels, stratum.Rows.Images, stratum.Rows.Split, run.Options.Seed));
        var classifiers = new (string Name, Func<AttentionClassifier, ProbeResult> Of)[] { ("logistic", c => c.Logistic), ("boosted-trees", c => c.Boosted), ("random-forest", c => c.Forest) };
        var decisions = new List<Decision>();
        var accuracies = new List<Estimate>();
        foreach (var (name, of) in classifiers)
        {
            var held = kinds.Select(kind => (kind.Stratum, of(kind.Value).HeldOut)).ToArray();
            foreach (var (stratum, scores) in held)
            {
                run.Add("auroc", scores.Auroc(run.Options.Level), stratum.Name, arm: name);
                run.Add("accuracy", scores.Accuracy(run.Options.Level), stratum.Name, arm: name);
                if (name == "logistic") run.Point("majority_accuracy", scores.MajorityAccuracy, scores.Rows.Length, scores.Groups.Count, "commoner-label", stratum.Name);
            }

            var rows = study.Rows.Of(held.SelectMany(h => h.HeldOut.Rows.Select(i => h.Stratum.Rows[i])));
            int[] strata = [.. held.SelectMany((h, s) => h.HeldOut.Rows.Select(_ => s))];
            double[] scored = [.. held.SelectMany(h => h.HeldOut.Scores)];
            var auroc = run.Decisive("auroc", StratifiedAuroc.Interval(rows.Labels, scored, strata, rows.Images, run.Options.Level), "within-kind", arm: name);
            accuracies.Add(run.Add("accuracy", ClusteredMean.Interval([.. rows.Zip(scored, (row, score) => score >= 0 == row.IsCorrect ? 1.0 : 0)], rows.Images, run.Options.Level), "within-kind", arm: name));
            decisions.Add(Decision.Within($"AUROC of {name}", auroc, 0.5, run.Options.AurocMargin));
        }

        KindShortcut(run);
        var best = accuracies.MaxBy(a => a.Value)!;
        run.Assert(Math.Abs(best.Value - 0.5) <= 0.05, $"best accuracy {best}");
        return Decision.All(decisions);
    }

    /// <summary>What "which kind of question is it" reaches on the pooled rows: the figure that pooled AUROCs have to be held against.</summary>
    static void KindShortcut(ClaimRun run)
    {
        var rows = run.Study.Rows;
        if (rows.Select(row => row.Kind).Distinct().Count() < 2) return;
        var result = Shortcuts.Run(Shortcuts.OneHot([.. rows.Select(row => row.Kind.Name())]), rows.Labels, rows.Images, rows.Split, run.Options.Seed);
        run.Add("auroc", result.HeldOut.Auroc(run.Options.Level), arm: "shortcut-question-kind");
    }
}
