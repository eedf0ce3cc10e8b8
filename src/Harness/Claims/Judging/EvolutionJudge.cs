using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims.Judging;

/// <summary>attention-evolution: each family's own sentence about how H_s changes with depth. Needs no labels.</summary>
static class EvolutionJudge
{
    public static Decision Judge(ClaimRun run)
    {
        var study = run.Study;
        var layers = study.Trace.Facts.Layers;
        if (layers < 4) throw new NotRunException($"a course over depth needs at least 4 layers, the model has {layers}.");
        var (rows, attention) = (study.Rows, study.Attention);
        Estimate Mean(Func<double[], double> of) => ClusteredMean.Interval(rows.Take(row => of(attention[row].EntropyByLayer)), rows.Images, run.Options.Level);
        for (var layer = 0; layer < layers; layer++)
        {
            run.Add("entropy", Mean(h => h[layer]), layer: layer);
            run.Add("image_mass", ClusteredMean.Interval(rows.Take(row => attention[row].ImageMassByLayer[layer]), rows.Images, run.Options.Level), layer: layer);
        }

        var steps = Enumerable.Range(1, layers - 1).Select(layer => run.Add("delta_entropy", Mean(h => h[layer] - h[layer - 1]), layer: layer)).ToArray();
        Published(run, steps);
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
        return ClusteredMean.Interval(study.Rows.Take(row => attention[row].EntropyByLayer[to] - attention[row].EntropyByLayer[from]), study.Rows.Images, level);
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
        return certain >= 2 ? new Decision(Verdict.Supported, reason) : possible < 2 ? new Decision(Verdict.Refuted, reason)
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

    static void Published(ClaimRun run, Estimate[] steps)
    {
        var (family, layers) = (run.Study.Family, steps.Length + 1);
        int At(int studyLayer) => Math.Max(1, family.Map(studyLayer, layers));
        switch (family)
        {
            case ModelFamily.Llava:
                var (early, last) = (steps[At(2) - 1], steps[^1]);
                run.Assert(Math.Abs(early.Value + 2.5) <= 0.5 && Math.Abs(last.Value - 1) <= 0.5, $"ΔH_s at layer {At(2)} {early}; at the last {last}");
                break;
            case ModelFamily.PaliGemma:
                run.Assert(steps.All(step => step.Value < 0), $"ΔH_s by step {string.Join(", ", steps.Select(step => Decision.Number(step.Value)))}");
                break;
            default:
                run.Assert(steps[At(17) - 1].Value < 0 && steps[At(25) - 1].Value < 0, $"ΔH_s at layer {At(17)} {steps[At(17) - 1]}; at layer {At(25)} {steps[At(25) - 1]}");
                break;
        }
    }
}
