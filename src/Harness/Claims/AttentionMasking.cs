using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using static Vrp.Harness.Claims.Verdict;

namespace Vrp.Harness.Claims;

/// <summary>attention-masking: the loss of accuracy from hiding the most attended patches, and its excess over hiding random ones.</summary>
public sealed class AttentionMasking : Claim
{
    /// <summary>The study's level of significance.</summary>
    const double PrintedP = 0.001;

    public override string Id => "attention-masking";

    public override string Text => "Attention is causally necessary: masking the 30 % of patches that it falls on most costs accuracy.";

    public override IReadOnlyList<PublishedFigure> Figures =>
    [
        new("accuracy_difference", "accuracy, masked minus whole, percentage points", -8.2, -11.3, null,
            "p < 0.001") { Kind = "all", Arm = "high", Scale = 100 },
    ];

    public override string PublishedForm => $"Accuracy with the top 30 % of patches masked is lower, exact McNemar p < {Shown(PrintedP)}.";

    public override string JudgedForm =>
        $"HIGH minus FULL **and** HIGH minus RANDOM (the attention-specific part) each cost more than {100 * StudyOptions.NoAccuracy:0} point of accuracy.";

    public override string Method =>
        "Arms FULL, HIGH (top 30 % attended), LOW, RANDOM (5 draws or more) in pixel space after identical preprocessing, the same number of patches in "
        + "every masked arm. Paired differences per question; cluster-robust mean over images decides, image-clustered bootstrap, exact McNemar per arm "
        + "and a grouped sign-flip test beside it. At least 1,000 questions (descriptions left out) or all that the set has.";

    public override string SupportedWhen => $"both differences are entirely below −{100 * StudyOptions.NoAccuracy:0} point";

    public override string RefutedWhen => $"either difference is entirely above −{100 * StudyOptions.NoAccuracy:0} point";

    public override string NotRunWhen => "arms are missing, fewer than 5 random draws, or fewer questions than needed";

    public override IReadOnlyList<string> Traps =>
    [
        "Only the masked arms were resized in the study, so resizing was part of the effect: preprocessing is identical in all arms.",
        "Masking any 30 % costs something: the attention-specific effect is HIGH minus RANDOM.",
        "Exact tests, no asymptotic p on a few discordant pairs; no figure per kind under 30 questions.",
    ];

    internal override Decision Judge(ClaimRun run)
    {
        var table = ArmTable.Of(run.Study);
        int[] Masks(MaskedPatches patches) => table.Where(arm => arm.Part == InterventionPart.Masking && arm.Patches == patches);
        int Single(MaskedPatches patches) =>
            Masks(patches) is [var only] ? only : throw new NotRunException($"masking needs exactly one arm {patches}, there are {Masks(patches).Length}.",
                "`--budget full`");
        var (full, high, low, random) = (Single(MaskedPatches.Full), Single(MaskedPatches.High), Single(MaskedPatches.Low), Masks(MaskedPatches.Random));

        var whole = table.Numbers(full);
        Report(run, table, "full", whole, table.Baseline);
        Compare(run, table, "high", high, full);
        Compare(run, table, "low", low, full);
        var mean = table.Mean(random);
        if (random.Length > 0) Report(run, table, "random", mean, whole);
        var published = McNemar.Test(table.Correct(full), table.Correct(high));
        var loss = ClusteredMean.Interval(ArmTable.Difference(table.Numbers(high), whole), table.Groups, run.Options.Level);
        run.Published(loss.Value < 0 && published.P < PrintedP, $"HIGH minus FULL {loss}, exact McNemar p = {published.P:G3}");

        var changed = Enumerable.Range(0, whole.Length).Count(i => whole[i] != table.Baseline[i]);
        if (changed > 0.01 * whole.Length)
            throw new NotRunException($"the unmasked arm answers {changed} of {whole.Length} questions otherwise than the model does: preprocessing is not "
                + "identical in all arms.", "the intervention stage again");
        if (random.Length < run.Options.OtherDraws) throw new NotRunException($"{random.Length} random masks were drawn, a verdict needs "
            + $"{run.Options.OtherDraws}.", "`--budget full`");
        table.ThrowIfTooFew(run.Options, run.Study.Intervened.Count);
        var toFull = run.Decisive("accuracy_difference", PairedDifference.Interval(ArmTable.Difference(table.Numbers(high), whole), table.Baseline,
            table.Groups, run.Options.Level), arm: "high-minus-full");
        var toRandom = run.Decisive("accuracy_difference", PairedDifference.Interval(ArmTable.Difference(table.Numbers(high), mean), table.Baseline,
            table.Groups, run.Options.Level), arm: "high-minus-random");
        run.Add("accuracy_difference_bootstrap", Bootstrap(run, table, ArmTable.Difference(table.Numbers(high), mean)), arm: "high-minus-random");
        Kinds(run, table, ArmTable.Difference(table.Numbers(high), mean));
        return Decision.All(
        [
            Decision.Below("accuracy HIGH minus FULL", toFull, -run.Options.AccuracyMargin),
            Decision.Below("accuracy HIGH minus RANDOM", toRandom, -run.Options.AccuracyMargin),
        ]);
    }

    static void Compare(ClaimRun run, ArmTable table, string name, int arm, int full)
    {
        Report(run, table, name, table.Numbers(arm), table.Numbers(full));
        var test = McNemar.Test(table.Correct(full), table.Correct(arm));
        run.Point("mcnemar_p", test.P, table.Questions.Count, table.Questions.Count, "mcnemar-exact", arm: name);
        var flip = SignFlip.Test(ArmTable.Difference(table.Numbers(arm), table.Numbers(full)), table.Groups, run.Options.Draws, run.Options.Seed);
        run.Point("sign_flip_p", flip.P, flip.N, flip.Groups, flip.Exact ? "sign-flip-exact" : $"sign-flip-{flip.Draws}", arm: name, seed: run.Options.Seed);
    }

    static void Report(ClaimRun run, ArmTable table, string name, double[] arm, double[] reference)
    {
        run.Add("accuracy", ClusteredMean.Interval(arm, table.Groups, run.Options.Level), arm: name);
        run.Add("accuracy_difference", PairedDifference.Interval(ArmTable.Difference(arm, reference), table.Baseline, table.Groups, run.Options.Level),
            arm: name);
    }

    static void Kinds(ClaimRun run, ArmTable table, double[] differences)
    {
        foreach (var kind in Enum.GetValues<QuestionKind>())
        {
            var rows = table.OfKind(kind);
            if (rows.Length >= run.Options.MinimumCell)
                run.Add("accuracy_difference", PairedDifference.Interval([.. rows.Select(i => differences[i])], [.. rows.Select(i => table.Baseline[i])],
                    table.Groups.Select(rows), run.Options.Level), kind.Name(), arm: "high-minus-random");
        }
    }

    static Estimate Bootstrap(ClaimRun run, ArmTable table, double[] differences) =>
        run.Study.Bootstrap(table.Groups).Percentile(GroupStatistics.Mean(differences, table.Groups), run.Options.Level);

    internal override IEnumerable<ClaimScenario> Scenarios()
    {
        var model = ClaimScenarios.Ablatable;
        yield return Ablated(Supported, "the attended patches cost 20 points, others 2", model, ClaimScenarios.Mask(0.2, 0.02));
        yield return Ablated(Refuted, "the attended patches cost nothing, others 10 points", model, ClaimScenarios.Mask(0, 0.1));
        yield return Ablated(Inconclusive, "the attended patches cost 2 points, 120 questions", model with { Images = 30 }, ClaimScenarios.Mask(0.03, 0.01));
        yield return Ablated(NotRun, "one random mask", model with { Images = 30 }, ClaimScenarios.Mask(0.2, 0.02) with { Budget = InterventionBudget.Quick });
        yield return Planted(NotRun, "no intervention stage", model with { Images = 30 });
    }
}

/// <summary>attention-masking in a study.</summary>
public sealed class MaskingEstimates(StudyResult study) : ClaimEstimates<AttentionMasking>(study)
{
    /// <summary>Accuracy with the top patches masked minus unmasked, as the study printed it.</summary>
    public StudyEstimate Loss => Row("accuracy_difference", "all", arm: "high");

    /// <summary>Exact McNemar p of <see cref="Loss"/>, two-sided.</summary>
    public StudyEstimate LossP => Row("mcnemar_p", "all", arm: "high");

    /// <summary>Accuracy with the top patches masked minus unmasked, with the interval that judges.</summary>
    public StudyEstimate HighMinusFull => Row("accuracy_difference", "all", arm: "high-minus-full");

    /// <summary>Minus that with random patches masked: what is specific to attention.</summary>
    public StudyEstimate HighMinusRandom => Row("accuracy_difference", "all", arm: "high-minus-random");
}

/// <summary>Finds attention-masking in a study.</summary>
public static class MaskingOfStudy
{
    extension(StudyResult study)
    {
        /// <inheritdoc cref="MaskingEstimates"/>
        public MaskingEstimates Masking => new(study);
    }
}
