using System.Text.RegularExpressions;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>hidden-state-probe: the held-out AUROC against 0.95, with its controls.</summary>
static partial class ProbeJudge
{
    const string PopeKind = "yes-no";

    public static Decision Judge(ClaimRun run)
    {
        var (study, probe) = (run.Study, run.Study.Probe);
        var (held, level) = (probe.Result.HeldOut, run.Options.Level);
        var layer = probe.Result.Probe.Layer;
        var (n, images) = (held.Rows.Length, held.Groups.Count);
        var auroc = run.Decisive("auroc", held.Auroc(level), PopeKind, layer, "l2");
        run.Point("best_layer", layer, probe.Rows.Split.Fitting.Length, probe.Rows.Images.Count, "inner-folds-of-fitting-half", PopeKind, seed: run.Options.Seed);
        run.Point("permutation_p", probe.P, n, images, $"labels-of-images-permuted-{probe.PermutedAurocs.Length}", PopeKind, layer, "l2", run.Options.Seed);
        run.Assert(auroc.Value > 0.95, $"AUROC {auroc} at layer {layer}; printed for this family: {run.Claim.Published("auroc", study.Family)}");
        foreach (var (value, l) in probe.Result.InnerByLayer.Select((value, l) => (value, l)))
            run.Point("inner_auroc", value, probe.Rows.Split.Fitting.Length, probe.Rows.Images.Count, "mean-of-inner-folds", PopeKind, l, "l2", run.Options.Seed);

        if (probe.PermutedAurocs.Length < 200) run.Notes.Add($"{probe.PermutedAurocs.Length} permutations, fewer than the 200 that a reported p needs.");
        var decisions = new List<Decision> { Decision.Above($"held-out AUROC at layer {layer}", auroc, run.Options.ProbeThreshold) };
        var controls = new List<Decision>
        {
            probe.P <= 0.05 ? new(Verdict.Supported, $"permutation p = {probe.P:0.###}") : new(Verdict.Inconclusive, $"permutation p = {probe.P:0.###} is above 0.05", "more images"),
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
            var auroc = run.Decisive("auroc", probe.Result.HeldOut.Where(Said).Auroc(run.Options.Level), PopeKind, probe.Result.Probe.Layer, $"l2-within-predicted-{said}");
            return Decision.Above($"AUROC within predicted \"{said}\"", auroc, 0.5);
        }
        catch (StatisticsException error) when (error is OneClassException or TooFewException)
        {
            run.Notes.Add($"predicted \"{said}\": {error.Message}");
            return new Decision(Verdict.Inconclusive, $"within predicted \"{said}\" there is nothing to rank: {error.Message}", "a set on which that answer is sometimes right and sometimes wrong");
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
        Try(run, "last-five-layers", () => L2Probe.Run(probe.Data with { States = ConcatenatedStates.LastFive(probe.Data.States) }, probe.Rows.Split, L2Options.Default with { Seed = options.Seed }), ofLayer: false);

        string[] questions = [.. probe.Rows.Select(row => row.Record.Sample.Question)];
        string[] said = [.. probe.Rows.Select(row => row.Answer.Parsed ?? "unparsed")];
        Try(run, "shortcut-object", () => Shortcut(probe, Shortcuts.OneHot([.. questions.Select(ObjectOf)]), options.Seed), ofLayer: false);
        Try(run, "shortcut-predicted-answer", () => Shortcut(probe, Shortcuts.OneHot(said), options.Seed), ofLayer: false);
        Try(run, "shortcut-question-text", () => Shortcut(probe, Shortcuts.BagOfWords(questions), options.Seed), ofLayer: false);
    }

    static ProbeResult Shortcut(ProbeStudy probe, ArrayStates features, ulong seed) => Shortcuts.Run(features, probe.Rows.Labels, probe.Rows.Images, probe.Rows.Split, seed);

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

    /// <summary>What POPE's question asks for: "Is there a dining table in the image?" → "dining table"; other wordings stand for themselves.</summary>
    internal static string ObjectOf(string question) => ObjectAskedFor().Match(question) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : question.ToLowerInvariant();

    [GeneratedRegex(@"^\s*(?:is|are) there (?:an?|the|any) (.+?) in the (?:image|picture|photo)", RegexOptions.IgnoreCase)]
    private static partial Regex ObjectAskedFor();
}
