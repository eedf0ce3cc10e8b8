using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>attention-masking: what the most attended patches cost, and what of that is not the cost of any patches.</summary>
static class MaskingJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var table = ArmTable.Of(run.Study);
        int[] Masks(MaskedPatches patches) => table.Where(arm => arm.Part == InterventionPart.Masking && arm.Patches == patches);
        int Single(MaskedPatches patches) => Masks(patches) is [var only] ? only : throw new NotRunException($"masking needs exactly one arm {patches}, there are {Masks(patches).Length}.", "`--budget full`");
        var (full, high, low, random) = (Single(MaskedPatches.Full), Single(MaskedPatches.High), Single(MaskedPatches.Low), Masks(MaskedPatches.Random));

        var whole = table.Numbers(full);
        Report(run, table, "full", whole, table.Baseline);
        Compare(run, table, "high", high, full);
        Compare(run, table, "low", low, full);
        var mean = table.Mean(random);
        if (random.Length > 0) Report(run, table, "random", mean, whole);
        var published = McNemar.Test(table.Correct(full), table.Correct(high));
        var loss = ClusteredMean.Interval(ArmTable.Difference(table.Numbers(high), whole), table.Groups, run.Options.Level);
        run.Assert(loss.Value < 0 && published.P < 0.001, $"HIGH minus FULL {loss}, exact McNemar p = {published.P:G3}");

        var changed = Enumerable.Range(0, whole.Length).Count(i => whole[i] != table.Baseline[i]);
        if (changed > 0.01 * whole.Length)
            throw new NotRunException($"the unmasked arm answers {changed} of {whole.Length} questions otherwise than the model does: preprocessing is not identical in all arms.", "the intervention stage again");
        if (random.Length < run.Options.OtherDraws) throw new NotRunException($"{random.Length} random masks were drawn, a verdict needs {run.Options.OtherDraws}.", "`--budget full`");
        table.ThrowIfTooFew(run.Options, run.Study.Intervened.Count);
        var toFull = run.Decisive("accuracy_difference", PairedDifference.Interval(ArmTable.Difference(table.Numbers(high), whole), table.Baseline, table.Groups, run.Options.Level), arm: "high-minus-full");
        var toRandom = run.Decisive("accuracy_difference", PairedDifference.Interval(ArmTable.Difference(table.Numbers(high), mean), table.Baseline, table.Groups, run.Options.Level), arm: "high-minus-random");
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
        run.Point("mcnemar_p", test.P, table.Samples.Count, table.Samples.Count, "mcnemar-exact", arm: name);
        var flip = SignFlip.Test(ArmTable.Difference(table.Numbers(arm), table.Numbers(full)), table.Groups, run.Options.Draws, run.Options.Seed);
        run.Point("sign_flip_p", flip.P, flip.N, flip.Groups, flip.Exact ? "sign-flip-exact" : $"sign-flip-{flip.Draws}", arm: name, seed: run.Options.Seed);
    }

    static void Report(ClaimRun run, ArmTable table, string name, double[] arm, double[] reference)
    {
        run.Add("accuracy", ClusteredMean.Interval(arm, table.Groups, run.Options.Level), arm: name);
        run.Add("accuracy_difference", PairedDifference.Interval(ArmTable.Difference(arm, reference), table.Baseline, table.Groups, run.Options.Level), arm: name);
    }

    static void Kinds(ClaimRun run, ArmTable table, double[] differences)
    {
        foreach (var kind in Enum.GetValues<QuestionKind>())
        {
            var rows = table.OfKind(kind);
            if (rows.Length >= run.Options.MinimumCell)
                run.Add("accuracy_difference", PairedDifference.Interval([.. rows.Select(i => differences[i])], [.. rows.Select(i => table.Baseline[i])], table.Groups.Select(rows), run.Options.Level), kind.Name(), arm: "high-minus-random");
        }
    }

    static Estimate Bootstrap(ClaimRun run, ArmTable table, double[] differences) =>
        run.Study.Bootstrap(table.Groups).Percentile(GroupStatistics.Mean(differences, table.Groups), run.Options.Level);
}
