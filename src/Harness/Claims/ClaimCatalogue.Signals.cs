namespace Vrp.Harness.Claims;

/// <summary>The claims about hidden states, agreement and output probabilities.</summary>
public static partial class ClaimCatalogue
{
    /// <summary>hidden-state-probe.</summary>
    public static Claim HiddenStateProbe { get; } = new("hidden-state-probe",
        "One linear probe on a hidden state predicts on POPE whether the answer is correct, with an AUROC above 0.95 (the study: in two of three families).",
        [
            new("auroc", "AUROC on POPE", 0.956, 0.738, 0.971, "PaliGemma is 0.944 elsewhere, scored on all rows including those fitted on") { Arm = "l2" },
            new("best_layer", "best layer", 21, 10, 18, "of 32, 18 and 28"),
        ],
        "AUROC on yes/no questions is above 0.95 as a point.",
        "The held-out AUROC on yes/no questions lies above 0.95, labels permuted through the whole pipeline give p ≤ 0.05, and the probe also ranks within predicted \"yes\" and within predicted \"no\" (above 0.5): it reads more than the answer.",
        $"L2 logistic regression on one layer's last-prompt-token state, layer and penalty {HeldOut}; Obuchowski's clustered interval on the logit scale; 200 permutations of labels of whole images. Beside it: percentile bootstrap of images, nested cross-fitting (a point), MLP d→256→1, last five layers, paired gain over first-token confidence, shortcut baselines (object asked for, predicted answer, question text).",
        "the interval lies wholly above 0.95, p ≤ 0.05, and both intervals within a predicted answer lie above 0.5",
        "the interval lies wholly below 0.95",
        "states are missing or not finite, or a half or an inner fold has one class",
        [
            "0.944 for PaliGemma is an all-data score that includes training rows: a fitted probe here refuses to score an image it has seen.",
            "Choosing the best of 32 layers on the rows that are reported is in-sample too: layers are chosen by inner folds of the fitting half.",
            "A probe that reads the answer \"yes\" predicts correctness wherever one answer is more often right: AUROC within each predicted answer.",
            "Shortcut baselines stand beside the probe; single-layer probes reach 0.73-0.79 over five models elsewhere (arXiv 2605.10893).",
            Duplicates,
        ]);

    /// <summary>sparse-probe.</summary>
    public static Claim SparseProbe { get; } = new("sparse-probe",
        "An L1 probe needs few units: 4-6 % of a layer are enough.",
        [
            new("accuracy", "accuracy, %", 88.0, 100, 100, "at L21, L10, L18") { Arm = "l1", Scale = 100 },
            new("nonzero_share", "units with a weight, % of the layer, at most", 6, null, null, "4-6 %") { Arm = "l1", Scale = 100 },
        ],
        "The L1 probe that inner folds choose reaches the printed accuracy with at most 6 % of the units.",
        "An L1 probe held to 6 % of **all** units of the layer loses at most 0.05 AUROC against the L2 probe on all units.",
        $"L1 path at the L2 probe's layer and its neighbours, the best inner AUROC among the points with at most 6 % of the units, {HeldOut}; paired difference of AUROCs on the same held-out rows, Obuchowski.",
        "the interval of the difference lies wholly above −0.05, and the L2 probe itself lies above 0.5",
        "the interval of the difference lies wholly below −0.05",
        "states are missing, no point of the path has 6 % or less, or a half has one class",
        [
            "\"100 % accuracy\" was in-sample: same held-out protocol, accuracy beside the majority baseline.",
            "The share counts all units of the layer, not those left after a screening.",
            "A probe at chance needs few units too: nothing is supported where the L2 probe does not lie above 0.5.",
        ]);

    /// <summary>self-consistency.</summary>
    public static Claim SelfConsistency { get; } = new("self-consistency",
        "Agreement over ten sampled answers is the strongest behavioural signal of correctness.",
        [
            PublishedFigure.Pooled("r_pb", "R_pb(S_SC, correct)", 0.429),
            new("auroc", "AUROC", 0.78, 0.81, 0.79) { Kind = "within-kind", Arm = "s_sc" },
            PublishedFigure.Pooled("precision_at_1", "precision at S_SC = 1, %", 90.8, "95 % CI [88.4, 92.8]") with { Arm = "wilson", Scale = 100 },
            PublishedFigure.Pooled("cost_ratio", "cost in greedy answers", 10) with { Row = "token_cost_ratio" },
        ],
        "AUROC of S_SC is at least the family's printed figure, as a point.",
        "AUROC of S_SC exceeds that of each signal that one forward pass gives: first-token entropy, probability, margin, and P_tok with and without the end token.",
        $"K = 10, T = 0.7, top-p = 0.9; S_SC = share of the commonest parsed answer. {char.ToUpperInvariant(WithinKind[0])}{WithinKind[1..]}. Paired differences of stratified AUROCs, images as units. Beside it: the closed form E[S_SC] for one-token answers, precision at S_SC = 1 (Wilson, clustered), R_pb, risk-coverage, measured cost.",
        "all differences lie wholly above 0",
        "one difference lies wholly below 0 (interval widened by Bonferroni over the signals)",
        "K, T or top-p differ from the study's, samples are missing, or sampled agreement contradicts the closed form",
        [
            "Under T = 0.7 and top-p = 0.9 a yes/no answer with p ≥ 0.823 always agrees with itself: the closed form is reported, and an observed agreement below it beyond 5 standard errors means that sampling was not what it says, which is NotRun.",
            "\"Strongest\" was never tested against the same rows' first-token confidence: the comparison is paired.",
            "Answers that do not parse are answers of their own (all alike), counted as wrong and reported apart.",
        ]);

    /// <summary>confidence-baselines.</summary>
    public static Claim ConfidenceBaselines { get; } = new("confidence-baselines",
        "Output probabilities are near chance.",
        [
            new("auroc_first_token_entropy", "AUROC of logit entropy", 0.50, 0.52, 0.51) { Kind = "within-kind" },
            new("auroc_p_tok", "AUROC of output confidence", 0.54, 0.55, 0.53) { Kind = "within-kind" },
            new("auroc_first_token_margin", "AUROC of the margin", 0.72, 0.70, 0.63, "PaliGemma 0.70-0.83; not part of the claim") { Kind = "within-kind" },
        ],
        "AUROC of entropy and of output confidence is at most 0.05 from 0.5, as points.",
        "AUROC of first-token entropy, first-token probability and P_tok (with and without the end token) is equivalent to 0.5 within ±0.05.",
        $"P_tok = mean log-probability of the **chosen** tokens. Nothing is fitted, so all rows are scored; {WithinKind}. Clustered interval of the stratified AUROC. Brier score, calibration error and risk-coverage beside it.",
        "all four intervals lie inside 0.5 ± 0.05",
        "one of the four lies wholly outside",
        "log-probabilities are missing or not finite, or labels have one class",
        [
            "The study's confidence averaged something other than the chosen tokens' log-probability; here it is theirs, with and without the end token.",
            "Kinds differ in length and vocabulary: comparing within a kind keeps that out.",
        ]);

    /// <summary>fusion.</summary>
    public static Claim Fusion { get; } = new("fusion",
        "All signals together reach an AUROC above 0.95 (the study: in two of three families, and exactly the probe's own figures).",
        [new("auroc", "AUROC of all signals on POPE", 0.956, 0.738, 0.971, "equal to the probe's to the last digit") { Arm = "fusion" }],
        "AUROC on yes/no questions is at least the family's printed figure, as a point.",
        "The held-out AUROC of the fusion on yes/no questions lies above 0.95; the paired gain over the probe alone says what the other signals add.",
        $"Z-scored probe (out-of-fold on the fitting half), S_SC, entropy, probability, margin, P_tok, H_s, C_k, image mass; L2 logistic regression {HeldOut}; Obuchowski.",
        "the interval lies wholly above 0.95",
        "the interval lies wholly below 0.95",
        "a signal is missing or not finite, or a half has one class",
        [
            "With the probe's in-sample scores the fusion would trust it too much: it enters by out-of-fold scores.",
            "Equal figures to three digits mean that the other signals had no weight: the gain over the probe alone is reported.",
        ]);
}
