namespace Vrp.Harness.Claims;

/// <summary>The claims about attention.</summary>
public static partial class ClaimCatalogue
{
    const string HeldOut = "fitted on half of the images (everything chosen there by grouped inner folds), scored once on the other half";
    const string WithinKind = "rows are compared within a question kind only and pooled over kinds, so that telling easy kinds from hard ones counts for nothing";
    const string Duplicates = "The study's development files hold 27 records per question: rows that repeat (image, question) are an error, and every split and resampling keeps an image whole.";

    /// <summary>attention-sharpness.</summary>
    public static Claim AttentionSharpness { get; } = new("attention-sharpness",
        "The structure of attention over the image, its sharpness H_s and its number of places C_k, does not predict whether the answer is correct.",
        [
            PublishedFigure.Pooled("r_pb_k", "R_pb(C_k, correct)", 0.001, "95 % CI [-0.034, 0.036], n = 3,090, all families pooled") with { Row = "r_pb_k_components", Kind = "all" },
            PublishedFigure.Pooled("r_pb_entropy", "R_pb(H_s, correct)", -0.012, "95 % CI [-0.047, 0.024], n = 3,090, all families pooled") with { Kind = "all" },
        ],
        "The Fisher-z intervals of R_pb(C_k, correct) and R_pb(H_s, correct), all kinds pooled, hold 0.",
        "Equivalence: for H_s and both variants of C_k the Fisher-z interval **and** the image-clustered bootstrap interval lie inside ±0.1, in every question kind that is large enough to show it, and in the fixed-effect meta-analysis over kinds.",
        "M = attention of the last prompt token to the image tokens (found by token id), mean over heads, renormalised, mean over layers; H_s = −Σ M log M (nats); C_k as k_dbscan (ε 1.5, min_samples 3, top tenth of cells by rank) and k_components (8-connected components of the top 30 % of the mass, minus one). Fisher z, bootstrap of images (10,000 draws, percentile), fixed-effect meta-analysis of Fisher z. A kind whose interval would be wider than the margin even at r = 0 is reported and does not judge.",
        "all those intervals lie inside ±0.1 (each side at 2.5 %: stricter than the usual TOST at 5 %)",
        "both intervals of one measure lie wholly outside ±0.1 in a kind, or the meta-analysis does",
        "attention is missing or not finite, H_s does not vary, both variants of C_k are constant, or labels have one class",
        [
            "\"The interval holds 0\" gets easier with less data; equivalence against a margin gets harder.",
            "A missing map was once turned into a uniform one, and NaN into 0: here both are errors, and a map that sums to 0 is never filled in.",
            "One family's image tokens were taken from fixed offsets: spans come from token ids, Qwen2-VL's grid from image_grid_thw.",
            "Pooling question kinds mixes easy and hard ones (Simpson); kinds are judged apart and then meta-analysed, the pooled figure stands beside.",
            "Attention *mass* on the image is another thing (0.74 AUROC, arXiv 2411.16724) and is reported as image_mass.",
            Duplicates,
        ]);

    /// <summary>attention-heads.</summary>
    public static Claim AttentionHeads { get; } = new("attention-heads",
        "Choosing the best attention heads does not help: their entropies explain next to nothing of correctness.",
        [new("r2_top_heads", "R² of the top-K heads, at most", 0.008, 0.080, 0.007) { Kind = "within-kind" }],
        "R² of the top-K heads is at most the family's printed figure.",
        "R² on images other than those that heads and coefficients were chosen on lies below 0.02 (a small effect after Cohen 1988).",
        $"The five heads of all layers with the largest |R_pb| between entropy and correctness, least squares on their entropies, per question kind, {HeldOut}; R² = 1 − Σ(y−ŷ)²/Σ(y−ȳ_fit)², summed over kinds; image-clustered bootstrap (10,000 draws, percentile). Heads that put no weight on the image in some sample are left out and counted.",
        "the whole interval of R² lies below 0.02",
        "the whole interval of R² lies above 0.02",
        "attention is missing, fewer than five heads vary, or a half has one class",
        [
            "The best of a thousand heads on the rows that they were chosen on always explains something: selection and scoring never share an image.",
            "Held-out R² may be negative; it is not cut at 0.",
            Duplicates,
        ]);

    /// <summary>attention-classifier.</summary>
    public static Claim AttentionClassifier { get; } = new("attention-classifier",
        "A supervised classifier on attention features stays at chance.",
        [new("accuracy", "accuracy, % (11 features, degree-2 interactions, boosted trees and random forest)", 53, 55, 52) { Kind = "within-kind", Arm = "logistic", Scale = 100 }],
        "The best classifier's accuracy is within 5 points of 50 %.",
        "AUROC of each of three classifiers is equivalent to 0.5 within ±0.05; accuracy is reported against the majority baseline.",
        $"Eleven features (docs/statistics.md) with squares and products: L2 logistic regression; boosted trees and a random forest on the eleven; per question kind, {HeldOut}; {WithinKind}. Clustered interval of the stratified AUROC.",
        "all three intervals lie inside 0.5 ± 0.05",
        "one of the three lies wholly outside 0.5 ± 0.05",
        "attention is missing, or a half or an inner fold has one class in every kind",
        [
            "Accuracy near 50 % says nothing where the classes are not balanced: accuracy stands beside the majority baseline, AUROC judges.",
            "The published 0.50 came from an exception's fallback value: there are no default values here, a fit that fails is NotRun.",
            "On a mixed set \"is it a yes/no question\" alone reaches 0.868: kinds are compared within themselves.",
            Duplicates,
        ]);

    /// <summary>attention-masking.</summary>
    public static Claim AttentionMasking { get; } = new("attention-masking",
        "Attention is causally necessary: masking the 30 % of patches that it falls on most costs accuracy.",
        [new("accuracy_difference", "accuracy, masked minus whole, percentage points", -8.2, -11.3, null, "p < 0.001") { Kind = "all", Arm = "high", Scale = 100 }],
        "Accuracy with the top 30 % of patches masked is lower, exact McNemar p < 0.001.",
        "HIGH minus FULL **and** HIGH minus RANDOM (the attention-specific part) each cost more than 1 point of accuracy.",
        "Arms FULL, HIGH (top 30 % attended), LOW, RANDOM (5 draws or more) in pixel space after identical preprocessing, the same number of patches in every masked arm. Paired differences per question; cluster-robust mean over images decides, image-clustered bootstrap, exact McNemar per arm and a grouped sign-flip test beside it. At least 1,000 questions (descriptions left out) or all that the set has.",
        "both differences lie wholly below −1 point",
        "either difference lies wholly above −1 point",
        "arms are missing, fewer than 5 random draws, or fewer questions than needed",
        [
            "Only the masked arms were resized in the study, so resizing was part of the effect: preprocessing is identical in all arms.",
            "Masking any 30 % costs something: the attention-specific effect is HIGH minus RANDOM.",
            "Exact tests, no asymptotic p on a few discordant pairs; no figure per kind under 30 questions.",
        ]);

    /// <summary>attention-evolution.</summary>
    public static Claim AttentionEvolution { get; } = new("attention-evolution",
        "Attention locks early and diffuses late in LLaVA, decays steadily in PaliGemma, and is cyclical in Qwen2-VL.",
        [
            new("delta_entropy_early", "ΔH_s at layer 2, nats", -2.5, null, null, "about") { Row = "delta_entropy", StudyLayer = 2 },
            new("delta_entropy_last", "ΔH_s at the last layer, nats", 1.0, null, null, "about") { Row = "delta_entropy", StudyLayer = 31 },
            new("resharpening_layers", "layers that sharpen again", null, null, 2, "L17 and L25 of 28"),
        ],
        "LLaVA: mean ΔH_s at the depth of layer 2 is −2.5 ± 0.5 and at the last layer +1.0 ± 0.5. PaliGemma: the mean of H_s falls at every step. Qwen2-VL: mean ΔH_s is negative at the depths of layers 17 and 25.",
        "LLaVA: H_s falls over the first third of the layers and rises at the last. PaliGemma: H_s falls over each third. Qwen2-VL: among steps whose sign is certain, H_s falls again after a rise at least twice.",
        "H_s of every layer (all are captured), ΔH_s per step; cluster-robust means over images; for Qwen2-VL simultaneous intervals (Bonferroni over steps). A family's own sentence is judged; thirds of the depth take the place of layer numbers.",
        "LLaVA and PaliGemma: all those mean changes lie wholly on the stated side of 0; Qwen2-VL: at least two certain falls after certain rises",
        "LLaVA and PaliGemma: one lies wholly on the other side; Qwen2-VL: even with every uncertain sign counted in the claim's favour there are fewer than two",
        "a layer's attention is missing, or there are fewer than three steps",
        [
            "A curve drawn through a few captured layers can show any shape: all layers are captured.",
            "A mean over layers hides its spread: every step has its interval.",
        ]);
}
