using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>attention-classifier: three classifiers on eleven attention features, each equivalent to chance within a kind.</summary>
public sealed class AttentionClassifier : Claim
{
    /// <summary>"At chance" as the study reads it, in shares of accuracy.</summary>
    const double PrintedMargin = 0.05;

    public override string Id => "attention-classifier";

    public override string Text => "A supervised classifier on attention features stays at chance.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("accuracy", "accuracy, % (11 features, degree-2 interactions, boosted trees and random forest)", 53, 55,
            52) { Kind = "within-kind", Arm = "logistic", Scale = 100 },
    ];

    public override string PublishedForm => $"The best classifier's accuracy is within {100 * PrintedMargin:0} points of 50 %.";

    public override string JudgedForm =>
        $"AUROC of each of three classifiers is equivalent to 0.5 within ±{Shown(StudyOptions.NoAuroc)}; accuracy is reported against the majority baseline.";

    public override string Method =>
        "Eleven features (docs/statistics.md) with squares and products: L2 logistic regression; boosted trees and a random forest on the eleven; per "
        + $"question kind, {HeldOut}; {WithinKind}. Clustered interval of the stratified AUROC.";

    public override string SupportedWhen => $"all three intervals lie inside 0.5 ± {Shown(StudyOptions.NoAuroc)}";

    public override string RefutedWhen => $"one of the three is entirely outside 0.5 ± {Shown(StudyOptions.NoAuroc)}";

    public override string NotRunWhen => "attention is missing, or a half or an inner fold has one class in every kind";

    public override IReadOnlyList<string> Traps =>
    [
        "Accuracy near 50 % says nothing where the classes are not balanced: accuracy stands beside the majority baseline, AUROC judges.",
        "The published 0.50 came from an exception's fallback value: there are no default values here, a fit that fails is NotRun.",
        "On a mixed set \"is it a yes/no question\" alone reaches 0.868: kinds are compared within themselves.",
        Duplicates,
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var study = run.Study;
        var attention = study.Attention;
        var kinds = run.PerKind(stratum => Probes.AttentionClassifier.Run([.. stratum.Rows.Select(row => attention[row].Features)], stratum.Rows.Labels,
            stratum.Rows.Images, stratum.Rows.Split, run.Options.Seed));
        var classifiers = new (string Name, Func<Probes.AttentionClassifier, ProbeResult> Of)[] { ("logistic", c => c.Logistic),
            ("boosted-trees", c => c.Boosted), ("random-forest", c => c.Forest) };
        var decisions = new List<Decision>();
        var accuracies = new List<Estimate>();
        foreach (var (name, of) in classifiers)
        {
            var held = kinds.Select(kind => (kind.Stratum, of(kind.Value).HeldOut)).ToArray();
            foreach (var (stratum, scores) in held)
            {
                run.Add("auroc", scores.Auroc(run.Options.Level), stratum.Name, arm: name);
                run.Add("accuracy", scores.Accuracy(run.Options.Level), stratum.Name, arm: name);
                if (name == "logistic") run.Point("majority_accuracy", scores.MajorityAccuracy, scores.Rows.Length, scores.Groups.Count, "commoner-label",
                    stratum.Name);
            }

            var rows = study.Rows.Of(held.SelectMany(h => h.HeldOut.Rows.Select(i => h.Stratum.Rows[i])));
            int[] strata = [.. held.SelectMany((h, s) => h.HeldOut.Rows.Select(_ => s))];
            double[] scored = [.. held.SelectMany(h => h.HeldOut.Scores)];
            var auroc = run.Decisive("auroc", StratifiedAuroc.Interval(rows.Labels, scored, strata, rows.Images, run.Options.Level), "within-kind", arm: name);
            double[] right = [.. rows.Zip(scored, (row, score) => score >= 0 == row.IsCorrect ? 1.0 : 0)];
            accuracies.Add(run.Add("accuracy", ClusteredMean.Interval(right, rows.Images, run.Options.Level), "within-kind", arm: name));
            decisions.Add(Decision.Within($"AUROC of {name}", auroc, 0.5, run.Options.AurocMargin));
        }

        KindShortcut(run);
        var best = accuracies.MaxBy(a => a.Value)!;
        run.Published(Math.Abs(best.Value - 0.5) <= PrintedMargin, $"best accuracy {best}");
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

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var small = ClaimScenarios.Maps;
        yield return Planted(Supported, "features that know nothing, 6,000 questions", small with { Images = 1000, Layers = 2, Heads = 1 });
        yield return Planted(Refuted, "features that know", small with { Attention = 2, Images = 150 });
        yield return Planted(Inconclusive, "features that know nothing, 240 questions", small with { Images = 40 });
        yield return Planted(NotRun, "all answers right", small with { Images = 40, Accuracy = 1 - 1e-12 });
    }
}

/// <summary>attention-classifier in a study.</summary>
public sealed class AttentionClassifierEstimates(StudyResult study) : ClaimEstimates<AttentionClassifier>(study)
{
    /// <summary>AUROC of the three classifiers, over kinds.</summary>
    public IEnumerable<StudyEstimate> Aurocs => Rows("auroc").Where(row => row.Kind == "within-kind");

    /// <summary>Accuracy of the best of the three, over kinds.</summary>
    public StudyEstimate BestAccuracy => Rows("accuracy").Where(row => row.Kind == "within-kind").MaxBy(row => row.Value) ?? throw Missing("accuracy");
}

/// <summary>Finds attention-classifier in a study.</summary>
public static class AttentionClassifierOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="AttentionClassifierEstimates"/>
        public AttentionClassifierEstimates AttentionClassifier => new(study);
    }
}
