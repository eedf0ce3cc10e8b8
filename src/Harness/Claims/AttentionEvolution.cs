using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>attention-evolution: each family's own sentence about how H_s changes with depth. Needs no labels.</summary>
public sealed class AttentionEvolution : Claim
{
    /// <summary>Largest distance from a printed change that still counts as "about" it, nats.</summary>
    const double PrintedMargin = 0.5;

    /// <summary>Fewest falls after a rise that make a cycle.</summary>
    const int Falls = 2;

    public override string Id => "attention-evolution";

    public override string Text => "Attention locks early and diffuses late in LLaVA, decays steadily in PaliGemma, and is cyclical in Qwen2-VL.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("delta_entropy_early", "ΔH_s at layer 2, nats", -2.5, null, null, "about") { Row = "delta_entropy", StudyLayer = 2 },
        new("delta_entropy_last", "ΔH_s at the last layer, nats", 1.0, null, null, "about") { Row = "delta_entropy", StudyLayer = 31 },
        new("resharpening_layers", "layers that sharpen again", null, null, 2, "L17 and L25 of 28"),
    ];

    public override string PublishedForm =>
        $"LLaVA: mean ΔH_s at the depth of layer 2 is −2.5 ± {Shown(PrintedMargin)} and at the last layer +1.0 ± {Shown(PrintedMargin)}. PaliGemma: the "
        + "mean of H_s falls at every step. Qwen2-VL: mean ΔH_s is negative at the depths of layers 17 and 25.";

    public override string JudgedForm =>
        "LLaVA: H_s falls over the first third of the layers and rises at the last. PaliGemma: H_s falls over each third. Qwen2-VL: among steps whose "
        + "sign is certain, H_s falls again after a rise at least twice.";

    public override string Method =>
        "H_s of every layer (all are captured), ΔH_s per step; cluster-robust means over images; for Qwen2-VL simultaneous intervals (Bonferroni over "
        + "steps). A family's own sentence is judged; thirds of the depth take the place of layer numbers.";

    public override string SupportedWhen =>
        "LLaVA and PaliGemma: all those mean changes are entirely on the stated side of 0; Qwen2-VL: at least two certain falls after certain rises";

    public override string RefutedWhen =>
        "LLaVA and PaliGemma: one is entirely on the other side; Qwen2-VL: even with every uncertain sign counted in the claim's favour there are fewer "
        + "than two";

    public override string NotRunWhen => "a layer's attention is missing, or there are fewer than three steps";

    public override IReadOnlyList<string> Traps =>
    [
        "A curve drawn through a few captured layers can show any shape: all layers are captured.",
        "A mean over layers hides its spread: every step has its interval.",
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var study = run.Study;
        var layers = study.Trace.Facts.Layers;
        if (layers < 4) throw new NotRunException($"a course over depth needs at least 4 layers, the model has {layers}.");
        var (rows, attention) = (study.Rows, study.Attention);
        Estimate Mean(Func<double[], double> of) => ClusteredMean.Interval(rows.Take(row => of(attention[row].EntropyByLayer)), rows.Images, run.Options.Level);
        for (var layer = 0; layer < layers; layer++)
        {
            run.Add("entropy", Mean(h => h[layer]), layer: layer);
            run.Add("image_mass", ClusteredMean.Interval(rows.Take(row => attention[row].ImageMassByLayer[layer]), rows.Images, run.Options.Level),
                layer: layer);
        }

        var steps = Enumerable.Range(1, layers - 1).Select(layer => run.Add("delta_entropy", Mean(h => h[layer] - h[layer - 1]), layer: layer)).ToArray();
        Assert(run, steps);
        return study.Family switch
        {
            ModelFamily.Llava => Decision.All(
            [
                Decision.Below("change of H_s over the first third", Change(run, "entropy_change_first_third", 0, Third(layers, 1)), 0),
                Decision.Above("change of H_s at the last layer", Change(run, "entropy_change_last_step", layers - 2, layers - 1), 0),
            ]),
            ModelFamily.PaliGemma => Decision.All([.. Enumerable.Range(0, 3).Select(third => Decision.Below($"change of H_s over third {third + 1}",
                Change(run, $"entropy_change_third_{third + 1}", Third(layers, third), Third(layers, third + 1)), 0))]),
            _ => Cyclical(run, layers - 1),
        };
    }

    static int Third(int layers, int third) => (int)Math.Round((layers - 1) * third / 3.0, MidpointRounding.AwayFromZero);

    static Estimate Change(ClaimRun run, string measure, int from, int to) =>
        run.Decisive(measure, Difference(run.Study, from, to, run.Options.Level));

    static Estimate Difference(StudyContext study, int from, int to, double level)
    {
        var attention = study.Attention;
        return ClusteredMean.Interval(study.Rows.Take(row => attention[row].EntropyByLayer[to] - attention[row].EntropyByLayer[from]), study.Rows.Images,
            level);
    }

    static Decision Cyclical(ClaimRun run, int steps)
    {
        var (n, images) = (run.Study.Rows.Count, run.Study.Rows.Images.Count);
        var simultaneous = 1 - (1 - run.Options.Level) / steps;
        var signs = new int?[steps];
        for (var step = 0; step < steps; step++)
        {
            var change = run.Decisive("delta_entropy", Difference(run.Study, step, step + 1, simultaneous), layer: step + 1, arm: "simultaneous");
            signs[step] = change.IsAbove(0) ? 1 : change.IsBelow(0) ? -1 : null;
        }

        var (certain, possible) = (FallsAfterRises(signs, openIsAny: false), FallsAfterRises(signs, openIsAny: true));
        run.Point("resharpening_layers", certain, n, images, "certain-falls-after-rises");
        var shown = string.Concat(signs.Select(sign => sign switch { 1 => "+", -1 => "−", _ => "?" }));
        var reason = $"H_s by step {shown}: {certain} certain falls after a rise, {possible} at most";
        return certain >= Falls ? new Decision(Verdict.Supported, reason) : possible < Falls ? new Decision(Verdict.Refuted, reason)
            : new Decision(Verdict.Inconclusive, reason, $"more questions (now {n}), until the steps marked ? have a sign");
    }

    /// <summary>Falls that follow a rise (with no fall between). Steps without a certain sign are passed over, or taken as whatever gives the most.</summary>
    internal static int FallsAfterRises(IReadOnlyList<int?> signs, bool openIsAny)
    {
        var (rising, falls) = (false, 0);
        foreach (var sign in signs)
        {
            var now = sign ?? (openIsAny ? (rising ? -1 : 1) : 0);   // alternating is the most that open steps can give
            if (now > 0) rising = true;
            else if (now < 0 && rising) (rising, falls) = (false, falls + 1);
        }

        return falls;
    }

    void Assert(ClaimRun run, Estimate[] steps)
    {
        var (family, layers) = (run.Study.Family, steps.Length + 1);
        bool Near(Estimate step, string printed) => Math.Abs(step.Value - Published(printed, family)!.Value) <= PrintedMargin;
        int At(int studyLayer) => Math.Max(1, family.Map(studyLayer, layers));
        switch (family)
        {
            case ModelFamily.Llava:
                var (early, last) = (steps[At(2) - 1], steps[^1]);
                run.Published(Near(early, "delta_entropy_early") && Near(last, "delta_entropy_last"), $"ΔH_s at layer {At(2)} {early}; at the last {last}");
                break;
            case ModelFamily.PaliGemma:
                run.Published(steps.All(step => step.Value < 0), $"ΔH_s by step {string.Join(", ", steps.Select(step => NumberText.Number(step.Value)))}");
                break;
            default:
                run.Published(steps[At(17) - 1].Value < 0 && steps[At(25) - 1].Value < 0,
                    $"ΔH_s at layer {At(17)} {steps[At(17) - 1]}; at layer {At(25)} {steps[At(25) - 1]}");
                break;
        }
    }

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var course = ClaimScenarios.Maps with { Images = 60, Layers = 6 };
        yield return Planted(Supported, "LLaVA: sharpens early, diffuses at the last layer", course with { Sharpness = [-0.5, 0, 0.5, 0.5, 0.5, 0] });
        yield return Planted(Refuted, "LLaVA: diffuses early", course with { Sharpness = [0.5, 0, -0.5, -0.5, -0.5, -0.8] });
        yield return Planted(Inconclusive, "LLaVA: flat early, 60 questions", course with { Sharpness = [0, 0, 0, 0, 0, -0.5], Images = 10 });
        yield return Planted(NotRun, "three layers", course with { Layers = 3 });
        var (early, cyclical) = (course with { Family = "paligemma" }, course with { Family = "qwen2_vl", Layers = 7 });
        yield return Planted(Supported, "PaliGemma: falls over every third", early with { Sharpness = [-0.6, -0.3, 0, 0.3, 0.6, 0.9] });
        yield return Planted(Refuted, "PaliGemma: rises over the last third", early with { Sharpness = [-0.6, -0.3, 0, 0.3, 0, -0.3] });
        yield return Planted(Supported, "Qwen2-VL: two falls after rises", cyclical with { Sharpness = [0, 0.5, 0, 0.5, 0, 0.5, 0.5] });
        yield return Planted(Refuted, "Qwen2-VL: one long fall", cyclical with { Sharpness = [-0.9, -0.6, -0.3, 0, 0.3, 0.6, 0.9] });
        yield return Planted(Inconclusive, "Qwen2-VL: flat", cyclical with { Images = 10, Sharpness = [0] });
    }
}

/// <summary>attention-evolution in a study. A family has the rows of its own sentence only.</summary>
public sealed class EvolutionEstimates(StudyResult study) : ClaimEstimates<AttentionEvolution>(study)
{
    /// <summary>Mean change of H_s at every step, nats; the first layer has none.</summary>
    public IEnumerable<StudyEstimate> Steps => Rows("delta_entropy").Where(row => row.Arm is null);

    /// <summary>LLaVA: change of H_s over the first third of the layers.</summary>
    public StudyEstimate FirstThird => Row("entropy_change_first_third");

    /// <summary>LLaVA: change of H_s at the last layer.</summary>
    public StudyEstimate LastStep => Row("entropy_change_last_step");

    /// <summary>PaliGemma: change of H_s over each third of the layers.</summary>
    public IEnumerable<StudyEstimate> Thirds => Enumerable.Range(1, 3).Select(third => Row($"entropy_change_third_{third}"));

    /// <summary>Qwen2-VL: certain falls of H_s after a rise.</summary>
    public StudyEstimate ResharpeningLayers => Row("resharpening_layers");

    /// <summary>The mean change at the depth of one of the study's layers.</summary>
    public StudyEstimate StepAt(int studyLayer) => Row("delta_entropy", layer: Math.Max(1, Study.ModelFamily.Map(studyLayer, Study.Layers)));
}

/// <summary>Finds attention-evolution in a study.</summary>
public static class EvolutionOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="EvolutionEstimates"/>
        public EvolutionEstimates Evolution => new(study);
    }
}
