using System.Text.RegularExpressions;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>hidden-state-probe: the held-out AUROC against the printed bound, with its controls.</summary>
public sealed class HiddenStateProbe : Claim
{
    /// <summary>The AUROC that the probe is claimed to exceed; the fusion too.</summary>
    public const double Threshold = 0.95;

    /// <summary>Largest permutation p, and what the probe has to exceed within one predicted answer: controls, which can hold support back.</summary>
    const double LargestP = 0.05, Chance = 0.5;

    public override string Id => "hidden-state-probe";

    public override string Text =>
        $"One linear probe on a hidden state predicts on POPE whether the answer is correct, with an AUROC above {Shown(Threshold)} (the study: in two of "
        + "three families).";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("auroc", "AUROC on POPE", 0.956, 0.738, 0.971, "PaliGemma is 0.944 elsewhere, scored on all rows including those fitted on") { Arm = "l2" },
        new("best_layer", "best layer", 21, 10, 18, "of 32, 18 and 28"),
    ];

    public override string PublishedForm => $"AUROC on yes/no questions is above {Shown(Threshold)} as a point.";

    public override string JudgedForm =>
        $"The held-out AUROC on yes/no questions lies above {Shown(Threshold)}, labels permuted through the whole pipeline give p ≤ {Shown(LargestP)}, "
        + $"and the probe also ranks within predicted \"yes\" and within predicted \"no\" (above {Shown(Chance)}): it reads more than the answer.";

    public override string Method =>
        $"L2 logistic regression on one layer's last-prompt-token state, layer and penalty {HeldOut}; Obuchowski's clustered interval on the logit scale; "
        + "200 permutations of labels of whole images. Beside it: percentile bootstrap of images, nested cross-fitting (a point), MLP d→256→1, last five "
        + "layers, paired gain over first-token confidence, shortcut baselines (object asked for, predicted answer, question text).";

    public override string SupportedWhen =>
        $"the interval is entirely above {Shown(Threshold)}, p ≤ {Shown(LargestP)}, and both intervals within a predicted answer lie above {Shown(Chance)}";

    public override string RefutedWhen => $"the interval is entirely below {Shown(Threshold)}";

    public override string NotRunWhen => "states are missing or not finite, or a half or an inner fold has one class";

    public override IReadOnlyList<string> Traps =>
    [
        "0.944 for PaliGemma is an all-data score that includes training rows: a fitted probe here refuses to score an image it has seen.",
        "Choosing the best of 32 layers on the rows that are reported is in-sample too: layers are chosen by inner folds of the fitting half.",
        "A probe that reads the answer \"yes\" predicts correctness wherever one answer is more often right: AUROC within each predicted answer.",
        "Shortcut baselines stand beside the probe; single-layer probes reach 0.73-0.79 over five models elsewhere (arXiv 2605.10893).",
        Duplicates,
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var (study, probe) = (run.Study, run.Study.Probe);
        var (held, level) = (probe.Result.HeldOut, run.Options.Level);
        var layer = probe.Result.Probe.Layer;
        var (n, images) = (held.Rows.Length, held.Groups.Count);
        var auroc = run.Decisive("auroc", held.Auroc(level), PopeKind, layer, "l2");
        run.Point("best_layer", layer, probe.Rows.Split.Fitting.Length, probe.Rows.Images.Count, "inner-folds-of-fitting-half", PopeKind,
            seed: run.Options.Seed);
        run.Point("permutation_p", probe.P, n, images, $"labels-of-images-permuted-{probe.PermutedAurocs.Length}", PopeKind, layer, "l2", run.Options.Seed);
        run.Published(auroc.Value > Threshold, $"AUROC {auroc} at layer {layer}; printed for this family: {Published("auroc", study.Family)}");
        foreach (var (value, l) in probe.Result.InnerByLayer.Select((value, l) => (value, l)))
            run.Point("inner_auroc", value, probe.Rows.Split.Fitting.Length, probe.Rows.Images.Count, "mean-of-inner-folds", PopeKind, l, "l2",
                run.Options.Seed);

        if (probe.PermutedAurocs.Length < 200) run.Notes.Add($"{probe.PermutedAurocs.Length} permutations, fewer than the 200 that a reported p needs.");
        var decisions = new List<Decision> { Decision.Above($"held-out AUROC at layer {layer}", auroc, run.Options.ProbeThreshold) };
        var controls = new List<Decision>
        {
            probe.P <= LargestP ? new(Verdict.Supported, $"permutation p = {probe.P:0.###}")
                : new(Verdict.Inconclusive, $"permutation p = {probe.P:0.###} is above {LargestP}", "more images"),
        };
        controls.AddRange(new[] { "yes", "no" }.Select(said => Within(run, probe, said)).OfType<Decision>());
        // Controls can hold support back; only the AUROC itself refutes.
        decisions.AddRange(controls.Where(control => control.Verdict != Verdict.Supported).Select(control => control with { Verdict = Verdict.Inconclusive }));
        Beside(run, probe);
        return Decision.All(decisions);
    }

    /// <summary>AUROC among the rows whose predicted answer is the same: what the probe knows beyond the answer.</summary>
    static Decision? Within(ClaimRun run, ProbeStudy probe, string said)
    {
        bool Said(int i) => probe.Rows[i].Answer.Parsed == said;
        var count = probe.Result.HeldOut.Rows.Count(Said);
        if (count < run.Options.MinimumCell)
        {
            run.Notes.Add($"predicted \"{said}\": {count} scored rows, fewer than {run.Options.MinimumCell}; no figure.");
            return null;
        }

        try
        {
            var auroc = run.Decisive("auroc", probe.Result.HeldOut.Where(Said).Auroc(run.Options.Level), PopeKind, probe.Result.Probe.Layer,
                $"l2-within-predicted-{said}");
            return Decision.Above($"AUROC within predicted \"{said}\"", auroc, Chance);
        }
        catch (StatisticsException error) when (error is OneClassException or TooFewException)
        {
            run.Notes.Add($"predicted \"{said}\": {error.Message}");
            return new Decision(Verdict.Inconclusive, $"within predicted \"{said}\" there is nothing to rank: {error.Message}",
                "a set on which that answer is sometimes right and sometimes wrong");
        }
    }

    static void Beside(ClaimRun run, ProbeStudy probe)
    {
        var (study, options) = (run.Study, run.Options);
        var (held, layer) = (probe.Result.HeldOut, probe.Result.Probe.Layer);
        run.Add("auroc", held.AurocBootstrap(options.Draws, options.Seed, options.Level), PopeKind, layer, "l2-bootstrap");
        run.Add("auroc", L2Probe.Nested(probe.Data, 5, options.Seed, L2Options.Default with { Seed = options.Seed }), PopeKind, arm: "l2-nested");
        run.Add("accuracy", held.Accuracy(options.Level), PopeKind, layer, "l2");
        run.Point("majority_accuracy", held.MajorityAccuracy, held.Rows.Length, held.Groups.Count, "commoner-label", PopeKind);
        foreach (var signal in study.Behaviour.SinglePass)
        {
            var (gain, p) = held.GainOver(probe.Rows.Take(signal), options.Level);
            run.Add("auroc_gain", gain, PopeKind, layer, $"over-{signal.Name}");
            run.Point("auroc_gain_p", p, gain.N, gain.Groups, gain.Method, PopeKind, layer, $"over-{signal.Name}");
        }

        int[] neighbours = [.. Enumerable.Range(layer - 1, 3).Where(l => l >= 0 && l < study.Trace.Facts.Layers)];
        Try(run, "mlp", () => MlpProbe.Run(probe.Data, probe.Rows.Split, neighbours, new MlpOptions(Seed: options.Seed)));
        Try(run, "last-five-layers", () => L2Probe.Run(probe.Data with { States = ConcatenatedStates.LastFive(probe.Data.States) }, probe.Rows.Split,
            L2Options.Default with { Seed = options.Seed }), ofLayer: false);

        string[] questions = [.. probe.Rows.Select(row => row.Record.Question.Text)];
        string[] said = [.. probe.Rows.Select(row => row.Answer.Parsed ?? "unparsed")];
        Try(run, "shortcut-object", () => Shortcut(probe, Shortcuts.OneHot([.. questions.Select(ObjectOf)]), options.Seed), ofLayer: false);
        Try(run, "shortcut-predicted-answer", () => Shortcut(probe, Shortcuts.OneHot(said), options.Seed), ofLayer: false);
        Try(run, "shortcut-question-text", () => Shortcut(probe, Shortcuts.BagOfWords(questions), options.Seed), ofLayer: false);
    }

    static ProbeResult Shortcut(ProbeStudy probe, ArrayStates features, ulong seed) =>
        Shortcuts.Run(features, probe.Rows.Labels, probe.Rows.Images, probe.Rows.Split, seed);

    /// <summary>A variant that cannot be fitted is named in the notes; it does not judge.</summary>
    static void Try(ClaimRun run, string arm, Func<ProbeResult> fit, bool ofLayer = true)
    {
        try
        {
            var result = fit();
            run.Add("auroc", result.HeldOut.Auroc(run.Options.Level), PopeKind, ofLayer ? result.Probe.Layer : null, arm);
        }
        catch (StatisticsException error) when (error is OneClassException or TooFewException or NotConvergedException)
        {
            run.Notes.Add($"{arm} has no figure: {error.Message}");
        }
    }

    /// <summary>The object that a POPE question names: "Is there a dining table in the image?" → "dining table"; other wordings are returned as they
    /// are.</summary>
    internal static string ObjectOf(string question) =>
        objectNamed.Match(question) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : question.ToLowerInvariant();

    static readonly Regex objectNamed = new(@"^\s*(?:is|are) there (?:an?|the|any) (.+?) in the (?:image|picture|photo)", RegexOptions.IgnoreCase);

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var states = ClaimScenarios.States;
        yield return Planted(Supported, "one layer that knows (d' = 4.5)", states with { State = 4.5 });
        yield return Planted(Refuted, "one layer that knows a little (d' = 1)", states with { State = 1 });
        yield return Planted(Inconclusive, "one layer at the threshold, 240 questions", states with { State = 2.9, Images = 40 });
        yield return Planted(NotRun, "a NaN in one state", states with { State = 3, Images = 40 }, trace => ClaimScenarios.Spoil(trace, spoilState: true));
        yield return Planted(NotRun, "no yes/no questions", states with { PerImage = [(QuestionKind.Count, 3)] });
    }
}

/// <summary>hidden-state-probe in a study.</summary>
public sealed class ProbeEstimates(StudyResult study) : ClaimEstimates<HiddenStateProbe>(study)
{
    /// <summary>Held-out AUROC on yes/no questions.</summary>
    public StudyEstimate Auroc => Row("auroc", "yes-no", arm: "l2");

    /// <summary>Share of held-out answers that the probe's sign gets right.</summary>
    public StudyEstimate Accuracy => Row("accuracy", "yes-no", arm: "l2");

    /// <summary>The layer that inner folds chose.</summary>
    public StudyEstimate BestLayer => Row("best_layer", "yes-no");

    /// <summary>Share of permuted labels that reach the AUROC.</summary>
    public StudyEstimate PermutationP => Row("permutation_p", "yes-no", arm: "l2");

    /// <summary>AUROC among the answers "yes" and among the answers "no": what the probe reads beyond the answer. One with too few rows is absent.</summary>
    public IEnumerable<StudyEstimate> WithinPredictedAnswer => Rows("auroc").Where(row => row.Arm is "l2-within-predicted-yes" or "l2-within-predicted-no");

    /// <summary>Among the answers "yes"; null where they are too few.</summary>
    public StudyEstimate? WithinPredictedYes => Find("auroc", "yes-no", arm: "l2-within-predicted-yes");

    /// <summary>Among the answers "no"; null where they are too few.</summary>
    public StudyEstimate? WithinPredictedNo => Find("auroc", "yes-no", arm: "l2-within-predicted-no");
}

/// <summary>Finds hidden-state-probe in a study.</summary>
public static class ProbeOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="ProbeEstimates"/>
        public ProbeEstimates Probe => new(study);
    }
}
