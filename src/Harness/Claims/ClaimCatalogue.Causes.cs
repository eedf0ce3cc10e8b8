namespace Vrp.Harness.Claims;

/// <summary>The claims about causes: ablation, logit lens, and the contrast of families.</summary>
public static partial class ClaimCatalogue
{
    const string OneProtocol = "The study switched off random units in two families and the top five in the third: one protocol for all families here.";
    const string Enough = "at least 1,000 scored questions (descriptions left out) or all that the set has, 20 random draws at the last position, 5 at all positions";

    /// <summary>neuron-ablation.</summary>
    public static Claim NeuronAblation { get; } = new("neuron-ablation",
        "There is a fragile late bottleneck: switching off the five units that the probe leans on most costs at least five points of accuracy (the study: LLaVA).",
        [
            new("top5_object_identification", "accuracy lost by the top 5, object identification, percentage points", -8.3, null, null, "one question of twelve") { Row = "top5_loss", Kind = "identify", Arm = "zero-all-top-5", StudyLayer = 31, Scale = 100 },
            new("top5_overall", "the same, all questions", -2.0, null, null, "layer 31 of 32") { Row = "accuracy_change", Arm = "zero-all-top-5", StudyLayer = 31, Scale = 100 },
            new("random5", "by 5 random units, or one", 0, null, null) { Row = "accuracy_change", Arm = "zero-all-random-5", StudyLayer = 31, Scale = 100 },
        ],
        "Accuracy on object identification falls by at least 5 points (all questions where the set has fewer than 30 of that kind).",
        "Zero ablation of the top 5 units costs more than 5 points of accuracy, and more than norm-matched random units do, at the study's depth or at the probe's best layer.",
        $"Units are coordinates of an MLP block's output, ranked by |weight × standard deviation| of an L2 probe on that output at the last prompt position, fitted on other images than those scored; layers: the probe's best and the study's depth (L31 of 32, L15 of 18, L25 of 28); zero, mean and resample ablation; top, bottom, random and norm-matched random units for k = 1, 5, 10, 50, 5 %, 25 %, 50 %; decided at all positions, zero ablation, the study's own way; {Enough}. Cluster-robust paired means, bootstrap, exact McNemar, grouped sign-flip.",
        "at one of the two layers the loss lies wholly below −5 points and its excess over random units wholly below 0",
        "at both layers the loss lies wholly above −5 points",
        "the intervention stage has not run with a budget that is large enough",
        [
            "−8.3 points is one question of twelve: exact tests, no figure per kind under 30 questions.",
            "Units chosen on the questions that they are scored on are chosen for their accidents: the ranking comes from other images.",
            "Large units matter more whatever they code: random units are matched in norm.",
            "4-5 chosen neurons collapse LLaVA-1.5-7B entirely elsewhere (arXiv 2512.00918).",
            OneProtocol,
        ]);

    /// <summary>layer-destruction.</summary>
    public static Claim LayerDestruction { get; } = new("layer-destruction",
        "The model absorbs the loss of about half of its peak layer (the study: PaliGemma and Qwen2-VL).",
        [
            new("random_half", "accuracy after losing half of the layer minus before, percentage points", null, -1.0, 1.0, "PaliGemma L15 97.0 → 96.0 (1,000 of 2,048 random units); Qwen2-VL L25 55.0 → 56-58 (500-2,000 of 3,584)") { Arm = "zero-all-random", Scale = 100 },
            new("top10", "by the top 10", null, -0.7, null, "97.0 → 96.3") { Row = "accuracy_change", RowClaim = "neuron-ablation", Arm = "zero-last-top-10", Scale = 100 },
        ],
        "Accuracy after the loss of a random half of the layer is at most 1 point lower, as a point.",
        "Non-inferiority at 1 point: zero ablation at all positions of a random half, and of the half that the probe leans on most, at the study's depth.",
        $"The 50 % row of the ablation's grid, the same for all families; paired differences per question, mean over draws for random halves, cluster-robust mean over images; the n that 1 point needs is printed; {Enough}.",
        "both differences lie wholly above −1 point",
        "one difference lies wholly below −1 point",
        "the intervention stage has not run with a budget that is large enough",
        [
            "97.0 → 96.0 on a few hundred questions decides nothing about 1 point: the needed n is printed.",
            OneProtocol,
        ]);

    /// <summary>logit-lens.</summary>
    public static Claim LogitLens { get; } = new("logit-lens",
        "Reliability forms late, and mostly in the MLPs.",
        [
            new("peak_margin", "peak truth margin, logits", 9.20, 10.85, 8.40, "at L31, L14, L27"),
            new("peak_layer", "its layer", 31, 14, 27, "of 32, 18 and 28"),
            new("mlp_share", "share of the MLPs, %", 82.1, 47.6, 68.2) { Scale = 100 },
        ],
        "The mean margin peaks in the last third of the layers and the MLPs' share is above half (LLaVA, Qwen2-VL; PaliGemma's printed 47.6 % is below).",
        "The layer at which the mean truth margin peaks lies in the last third of the depth over image-clustered resamples, and the MLPs' share of direct logit attribution lies above one half.",
        "Truth margin per layer through the **final norm** and the head; share = Σ|MLP| / Σ(|MLP| + |attention|) of direct logit attribution for the truth token, over layers and questions, one estimator for all families; image-clustered bootstrap (10,000 draws) of peak depth and share.",
        "the peak's interval lies in the last third and the share's above 0.5",
        "either lies wholly on the other side",
        "lens or attribution is missing or not finite, or the last layer's lens is not the model's own margin",
        [
            "A lens without the final norm, or with it twice, peaks anywhere: the last layer's lens is checked against the model's own logits for every question.",
            "Each family had an estimator of its own for the share: one estimator for all.",
            "The difference to a grey picture is another measure and goes by its own name.",
        ]);

    /// <summary>architecture-split.</summary>
    public static Claim ArchitectureSplit { get; } = new("architecture-split",
        "Late fusion (LLaVA) concentrates reliability in a few units, early fusion (PaliGemma, Qwen2-VL) distributes it.",
        [new("concentration", "loss by the top 5, late minus early, percentage points", -8.3, null, null, "the contrast of the ablation and destruction rows; no interval")],
        "LLaVA loses at least 5 points by its top 5 units and the other families at most 1 by half of the layer.",
        "The excess of top over random units, averaged over doses up to 5 % of the layer, costs the late-fusion model at least 1 point more than each early-fusion model.",
        "Difference of dose curves (zero ablation, all positions where the grid was run there, else the last position), same protocol, same questions paired by id, cluster-robust mean over images, each early family against the late one. \"late\" and \"early\" are the study's names for the families and no finding.",
        "against each early-fusion model the difference lies wholly below −1 point",
        "against one of them it lies wholly above −1 point",
        "fewer than one late and one early family, or their ablations are missing (a single study is NotRun: `vrp compare`)",
        [
            OneProtocol,
            "Three checkpoints are three points: a difference between families is not yet an effect of fusion, which the report says.",
        ]);
}
