using Vrp.Harness.Claims.Comparing;
using Vrp.Harness.Claims.Planning;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Tracing;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims.Selftest;

/// <summary>Every claim driven to each of the four verdicts by made-up traces with a known truth: what <c>vrp selftest</c> and the tests run.</summary>
public static class ClaimScenarios
{
    /// <summary>Fewer draws than a study: verdicts are far from their bounds by construction.</summary>
    public static StudyOptions Options { get; } = new() { Draws = 1000, Permutations = 40 };

    // Before All, whose initialiser uses it.
    static readonly (QuestionKind, int)[] twoKinds = [(QuestionKind.YesNo, 6), (QuestionKind.Count, 6)];

    /// <summary>All of them, four or more a claim.</summary>
    public static IReadOnlyList<ClaimScenario> All { get; } = [.. Attention(), .. Signals(), .. Causes(), .. Split()];

    static IEnumerable<ClaimScenario> Attention()
    {
        var small = new SyntheticTrace { Layers = 4, Hidden = 6, Images = 400 };
        const string sharpness = "attention-sharpness", heads = "attention-heads", classifier = "attention-classifier", evolution = "attention-evolution";
        yield return Of(sharpness, Supported, "maps that know nothing, 2,400 questions", small);
        yield return Of(sharpness, Refuted, "maps that are sharper on right answers", small with { Attention = 1, Images = 150 });
        yield return Of(sharpness, Inconclusive, "maps that know nothing, 90 questions", small with { Images = 15 });
        yield return Of(sharpness, NotRun, "a NaN in one map", small with { Images = 40 }, trace => Spoil(trace, spoilMap: true));

        yield return Of(heads, Supported, "heads that know nothing", small);
        yield return Of(heads, Refuted, "one head that knows", small with { OneHead = 3, Images = 150 });
        yield return Of(heads, Inconclusive, "one head that knows a little, 180 questions", small with { OneHead = 0.75, Images = 30, Seed = 5 });
        yield return Of(heads, NotRun, "fewer heads than are to be chosen", small with { Layers = 2, Heads = 2, Images = 40 });

        yield return Of(classifier, Supported, "features that know nothing, 6,000 questions", small with { Images = 1000, Layers = 2, Heads = 1 });
        yield return Of(classifier, Refuted, "features that know", small with { Attention = 2, Images = 150 });
        yield return Of(classifier, Inconclusive, "features that know nothing, 240 questions", small with { Images = 40 });
        yield return Of(classifier, NotRun, "all answers right", small with { Images = 40, Accuracy = 1 - 1e-12 });

        var course = small with { Images = 60, Layers = 6 };
        yield return Of(evolution, Supported, "LLaVA: sharpens early, diffuses at the last layer", course with { Sharpness = [-0.5, 0, 0.5, 0.5, 0.5, 0] });
        yield return Of(evolution, Refuted, "LLaVA: diffuses early", course with { Sharpness = [0.5, 0, -0.5, -0.5, -0.5, -0.8] });
        yield return Of(evolution, Inconclusive, "LLaVA: flat early, 60 questions", course with { Sharpness = [0, 0, 0, 0, 0, -0.5], Images = 10 });
        yield return Of(evolution, NotRun, "three layers", course with { Layers = 3 });
        yield return Of(evolution, Supported, "PaliGemma: falls over every third", course with { Family = "paligemma", Sharpness = [-0.6, -0.3, 0, 0.3, 0.6, 0.9] });
        yield return Of(evolution, Refuted, "PaliGemma: rises over the last third", course with { Family = "paligemma", Sharpness = [-0.6, -0.3, 0, 0.3, 0, -0.3] });
        yield return Of(evolution, Supported, "Qwen2-VL: two falls after rises", course with { Family = "qwen2_vl", Layers = 7, Sharpness = [0, 0.5, 0, 0.5, 0, 0.5, 0.5] });
        yield return Of(evolution, Refuted, "Qwen2-VL: one long fall", course with { Family = "qwen2_vl", Layers = 7, Sharpness = [-0.9, -0.6, -0.3, 0, 0.3, 0.6, 0.9] });
        yield return Of(evolution, Inconclusive, "Qwen2-VL: flat", course with { Family = "qwen2_vl", Layers = 7, Images = 10, Sharpness = [0] });
    }

    static IEnumerable<ClaimScenario> Signals()
    {
        var states = new SyntheticTrace { Layers = 4, Hidden = 64, Images = 100, PlantedLayer = 2 };
        const string probe = "hidden-state-probe", sparse = "sparse-probe", agreement = "self-consistency", confidence = "confidence-baselines", fusion = "fusion";
        yield return Of(probe, Supported, "one layer that knows (d' = 4.5)", states with { State = 4.5 });
        yield return Of(probe, Refuted, "one layer that knows a little (d' = 1)", states with { State = 1 });
        yield return Of(probe, Inconclusive, "one layer at the threshold, 240 questions", states with { State = 2.9, Images = 40 });
        yield return Of(probe, NotRun, "a NaN in one state", states with { State = 3, Images = 40 }, trace => Spoil(trace, spoilState: true));
        yield return Of(probe, NotRun, "no yes/no questions", states with { PerImage = [(QuestionKind.Count, 3)] });

        yield return Of(sparse, Supported, "one unit that knows", states with { State = 3 });
        yield return Of(sparse, Refuted, "all units know a little, none much", states with { State = 4, PlantedUnits = 64, Images = 250, Seed = 2 });
        yield return Of(sparse, Inconclusive, "nothing to know", states with { Images = 40 });
        yield return Of(sparse, NotRun, "all answers right", states with { Images = 40, Accuracy = 1 - 1e-12 });

        var answers = new SyntheticTrace { Layers = 4, Hidden = 4, Images = 150, PerImage = twoKinds };
        yield return Of(agreement, Supported, "agreement that knows, probabilities that do not", answers with { OneToken = false, Agreement = 2 });
        yield return Of(agreement, Refuted, "probabilities that know, agreement that does not", answers with { OneToken = false, Confidence = 2 });
        yield return Of(agreement, Inconclusive, "neither knows, 120 questions", answers with { OneToken = false, Images = 10 });
        yield return Of(agreement, NotRun, "four samples a question", answers with { Samples = 4, Images = 30 });
        yield return Of(agreement, NotRun, "samples that disagree more than their distribution allows", answers with { BrokenSampling = 0.5, Images = 60 });

        yield return Of(confidence, Supported, "probabilities that know nothing, 4,800 questions", answers with { Images = 400 });
        yield return Of(confidence, Refuted, "probabilities that know", answers with { Confidence = 1.5 });
        yield return Of(confidence, Inconclusive, "probabilities that know nothing, 240 questions", answers with { Images = 20 });
        yield return Of(confidence, NotRun, "a log-probability of −∞", answers with { Images = 30 }, trace => Spoil(trace, spoilProbability: true));

        yield return Of(fusion, Supported, "one layer that knows", states with { State = 4.5 });
        yield return Of(fusion, Refuted, "one layer that knows a little", states with { State = 1 });
        yield return Of(fusion, Inconclusive, "one layer at the threshold, 240 questions", states with { State = 2.9, Images = 40 });
        yield return Of(fusion, NotRun, "a NaN in one map", states with { State = 3, Images = 40 }, trace => Spoil(trace, spoilMap: true));
    }

    static IEnumerable<ClaimScenario> Causes()
    {
        var model = new SyntheticTrace { Layers = 4, Hidden = 20, Images = 300, State = 2, PlantedLayer = 2, PerImage = [(QuestionKind.YesNo, 4), (QuestionKind.Identify, 4)] };
        const string masking = "attention-masking", neurons = "neuron-ablation", destruction = "layer-destruction", lens = "logit-lens";
        yield return Ablated(masking, Supported, "the attended patches cost 20 points, others 2", model, Mask(0.2, 0.02));
        yield return Ablated(masking, Refuted, "the attended patches cost nothing, others 10 points", model, Mask(0, 0.1));
        yield return Ablated(masking, Inconclusive, "the attended patches cost 2 points, 120 questions", model with { Images = 30 }, Mask(0.03, 0.01));
        yield return Ablated(masking, NotRun, "one random mask", model with { Images = 30 }, Mask(0.2, 0.02) with { Budget = InterventionBudget.Quick });
        yield return Of(masking, NotRun, "no intervention stage", model with { Images = 30 });

        yield return Ablated(neurons, Supported, "the top 5 cost 25 points, random ones 1", model, Units(top: 0.35, random: 0.01));
        yield return Ablated(neurons, Refuted, "the top 5 cost nothing", model, Units(top: 0, random: 0));
        yield return Ablated(neurons, Inconclusive, "the top 5 cost about 5 points, 120 questions", model with { Images = 30 }, Units(top: 0.08, random: 0));
        yield return Ablated(neurons, Inconclusive, "any five units cost 25 points", model with { Images = 60 }, Units(top: 0.35, random: 0.35));
        yield return Ablated(neurons, NotRun, "the quick budget", model with { Images = 60 }, Units(top: 0.35, random: 0.01) with { Budget = InterventionBudget.Quick });

        yield return Ablated(destruction, Supported, "half of the layer costs nothing", model, Units(top: 0, random: 0));
        yield return Ablated(destruction, Refuted, "half of the layer costs 25 points", model, Units(top: 0.35, random: 0.35));
        yield return Ablated(destruction, Inconclusive, "half of the layer costs 1 point, 120 questions", model with { Images = 30 }, Units(top: 0.015, random: 0.015));
        yield return Ablated(destruction, NotRun, "the quick budget", model with { Images = 60 }, Units(top: 0, random: 0) with { Budget = InterventionBudget.Quick });

        var late = model with { Images = 60, Layers = 6 };
        yield return Of(lens, Supported, "the margin peaks at the last layer, MLPs carry 70 %", late);
        yield return Of(lens, Refuted, "the margin peaks at layer 1 of 6", late with { Margins = [0, 5, 0] });
        yield return Of(lens, Refuted, "attention carries 70 %", late with { MlpShare = 0.3 });
        yield return Of(lens, Inconclusive, "layers 3 and 4 of 6 share the peak", late with { Margins = [0, 0, 0, 5, 5], Images = 10 });
        yield return Of(lens, NotRun, "the last layer's lens is not the model's margin", late, trace => Spoil(trace, spoilLens: true));
    }

    static IEnumerable<ClaimScenario> Split()
    {
        const string claim = "architecture-split";
        yield return Families(Supported, "the late model falls by its top 5, the early ones do not", 0.3, 0);
        yield return Families(Refuted, "none falls by its top 5", 0, 0);
        yield return Families(Inconclusive, "the late model falls by a point or two, 100 questions", 0.03, 0, images: 30);
        yield return new ClaimScenario(claim, NotRun, "early models only", () => Compare([("paligemma", 0.0), ("qwen2_vl", 0.0)], 60));
        yield return Of(claim, NotRun, "one study alone", new SyntheticTrace { Images = 20 });
    }

    static ClaimScenario Families(Verdict expected, string truth, double late, double early, int images = 250) =>
        new("architecture-split", expected, truth, () => Compare([("llava", late), ("paligemma", early), ("qwen2_vl", early)], images));

    static ClaimResult Compare(IReadOnlyList<(string Family, double Loss)> subjects, int images) => Comparison.Of([.. subjects.Select(subject =>
    {
        // One seed for all: the same questions, and so the same split and the same ablated questions.
        var trace = new SyntheticTrace { Family = subject.Family, Layers = 4, Hidden = 20, Images = images, State = 2, PlantedLayer = 2 }.Build();
        var interventions = Units(subject.Loss, 0).Build(trace, Options);
        return Study.Analyze(trace, interventions, Options, only: ["neuron-ablation", "layer-destruction"]);
    })], Options).Split;

    static ClaimScenario Of(string claim, Verdict expected, string truth, SyntheticTrace trace, Func<TraceSet, TraceSet>? change = null) =>
        new(claim, expected, truth, () => Study.Analyze((change ?? (same => same))(trace.Build()), null, Options, only: [claim])[claim]);

    static ClaimScenario Ablated(string claim, Verdict expected, string truth, SyntheticTrace trace, SyntheticInterventions interventions) => new(claim, expected, truth, () =>
    {
        var built = trace.Build();
        return Study.Analyze(built, interventions.Build(built, Options), Options, only: [claim])[claim];
    });

    static SyntheticInterventions Mask(double high, double random) =>
        new(arm => arm.Part != InterventionPart.Masking ? 0 : arm.Patches switch { MaskedPatches.High => high, MaskedPatches.Random => random, _ => 0 });

    static SyntheticInterventions Units(double top, double random) =>
        new(arm => arm.Part != InterventionPart.Ablation ? 0 : arm.Selection switch { UnitSelection.Top => top, UnitSelection.Random or UnitSelection.Matched => random, _ => 0 });

    /// <summary>The same trace with one thing broken.</summary>
    internal static TraceSet Spoil(TraceSet trace, bool spoilMap = false, bool spoilState = false, bool spoilProbability = false, bool spoilLens = false)
    {
        var states = Enumerable.Range(0, trace.Facts.Layers).Select(layer => (float[])trace.States(layer).Clone()).ToArray();
        var maps = Enumerable.Range(0, trace.Count).Select(sample => (float[])trace.Attention(sample).Clone()).ToArray();
        var records = trace.Records.ToArray();
        var lens = (float[,])trace.LensMargin.Clone();
        if (spoilMap) maps[7][3] = float.NaN;
        if (spoilState) states[1][11] = float.NaN;
        if (spoilProbability) records[5] = records[5] with { LogProbabilities = [double.NegativeInfinity, -0.05] };
        if (spoilLens) lens[4, trace.Facts.Layers - 1] += 0.5f;
        return new TraceSet(trace.Facts, records, new MemoryTraceArrays(states, [.. Enumerable.Range(0, trace.Facts.Layers).Select(trace.MlpOut)], maps))
        {
            Judge = trace.Judge, LensMargin = lens, MlpAttribution = trace.MlpAttribution, AttentionAttribution = trace.AttentionAttribution,
        };
    }
}
