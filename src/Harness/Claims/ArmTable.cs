using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>The intervention stage's answers as columns of right and wrong, checked against the trace that they belong to.</summary>
sealed class ArmTable
{
    readonly InterventionSet set;

    ArmTable(InterventionSet set)
    {
        this.set = set;
        Groups = Groups.From(set.Questions.Select(question => question.Group));
        Baseline = Numbers(0);
    }

    /// <summary>The image of every question.</summary>
    public Groups Groups { get; }

    /// <summary>Right (1) or wrong (0) without any change.</summary>
    public double[] Baseline { get; }

    public IReadOnlyList<Question> Questions => set.Questions;

    public IReadOnlyList<InterventionArm> Arms => set.Arms;

    /// <exception cref="NotRunException">No intervention stage, or one whose unchanged answers are not the trace's.</exception>
    /// <exception cref="GroupLeakException">An ablated image is one that the units were chosen on.</exception>
    /// <exception cref="VrpException">A stage that belongs to another trace.</exception>
    public static ArmTable Of(StudyContext study)
    {
        var set = study.Interventions ?? throw new NotRunException("the intervention stage has not run.", "`vrp study` or `vrp intervene` with --budget full");
        var key = study.Trace.Facts.Key;
        if (set.Plan.TraceKey.Length > 0 && key.Length > 0 && set.Plan.TraceKey != key)
            throw new VrpException($"the interventions were planned on trace {set.Plan.TraceKey}, these data are trace {key}. Run `vrp intervene` again.");
        if (set.Questions.Count == 0) throw new NotRunException("the intervention stage has no questions.");
        Groups.ThrowIfDuplicated("the intervention stage's questions", set.Questions.Select(question => question.Id));
        var table = new ArmTable(set);
        table.CheckAgainst(study);
        return table;
    }

    /// <summary>Throws where an image was both fitted on and ablated.</summary>
    public void ThrowIfChosenOn(StudyContext study)
    {
        var (ids, images) = (study.Rows.Select(row => row.Id).ToHashSet(), study.Rows.Select(row => row.Image).Distinct().ToList());
        var fitting = study.Rows.Fitting.Select(row => row.Image).ToHashSet();
        foreach (var question in set.Questions)
            if (ids.Contains(question.Id) && fitting.Contains(question.Group)) throw new GroupLeakException($"ablation of question {question.Id}",
                images.IndexOf(question.Group));
    }

    /// <summary>Arms that a condition holds for, as indices.</summary>
    public int[] Where(Func<InterventionArm, bool> condition) => [.. Enumerable.Range(0, set.Arms.Count).Where(arm => condition(set.Arms[arm]))];

    public double[] Numbers(int arm) => [.. Enumerable.Range(0, set.Questions.Count).Select(question => set.Correct(arm, question) ? 1.0 : 0)];

    public bool[] Correct(int arm) => set.Correct(arm);

    /// <summary>Mean over arms (draws), by question.</summary>
    public double[] Mean(int[] arms)
    {
        var mean = new double[set.Questions.Count];
        foreach (var arm in arms)
            for (var i = 0; i < mean.Length; i++) mean[i] += set.Correct(arm, i) ? 1.0 / arms.Length : 0;
        return mean;
    }

    /// <summary>a − b, by question; sums of thirds and fifths are rounded so that equal shares differ by exactly 0.</summary>
    public static double[] Difference(double[] a, double[] b) => [.. a.Zip(b, (x, y) => Math.Round(x - y, 12))];

    /// <summary>All questions, as indices.</summary>
    public int[] Every => [.. Enumerable.Range(0, set.Questions.Count)];

    /// <summary>The questions of a kind, as indices.</summary>
    public int[] OfKind(QuestionKind kind) => [.. Enumerable.Range(0, set.Questions.Count).Where(i => set.Questions[i].Kind == kind)];

    /// <summary>The verdict's demand on n: the minimum, or all that there is to score.</summary>
    public void ThrowIfTooFew(StudyOptions options, int available)
    {
        var needed = Math.Min(options.MinimumQuestions, available);
        if (set.Questions.Count < needed)
            throw new NotRunException($"budget {set.Plan.Budget}: {set.Questions.Count} questions were run with interventions, a verdict needs {needed}.",
                "`--budget full`");
    }

    void CheckAgainst(StudyContext study)
    {
        var traced = study.All.ToDictionary(row => row.Id, row => row.IsCorrect);
        var (missing, differ) = (0, 0);
        for (var i = 0; i < set.Questions.Count; i++)
            if (!traced.TryGetValue(set.Questions[i].Id, out var correct)) missing++;
            else if (correct != set.Correct(0, i)) differ++;
        if (missing > 0) throw new NotRunException($"{missing} of the {set.Questions.Count} questions with interventions are not in the trace.",
            "the same --data and --limit for both stages");
        // Another batch shape may flip an answer whose two best tokens are almost equal; one in a hundred is more than that.
        if (differ > 0.01 * set.Questions.Count)
            throw new NotRunException($"without any change, {differ} of {set.Questions.Count} answers are not as right or wrong as in the trace; at most 1 % "
                + "may differ. The two stages ran different models or prompts.", "both stages again");
    }
}

/// <summary>Mean of paired differences of right (1) and wrong (0), or of their means over draws, with images as the independent units.</summary>
static class PairedDifference
{
    /// <summary>Cluster-robust t interval, never narrower than the interval of as many rows without a single event: where almost no row differs, the variance
    /// is estimated from almost nothing and its interval would be far too narrow. That floor is the exact (Clopper-Pearson) bound 1 − (α/2)^(1/n*) of n*
    /// rows without an event; n* = n / the design effect of right and wrong themselves, so that questions about one image count as as dependent as their
    /// answers are (as whole images where all answers are alike).</summary>
    /// <param name="differences">By row.</param>
    /// <param name="baseline">Right (1) or wrong (0) without the change, by row.</param>
    /// <param name="groups">The image of every row.</param>
    /// <param name="level">Level.</param>
    /// <exception cref="TooFewException">Fewer than two images. NaN: <see cref="NotFiniteException"/>.</exception>
    public static Estimate Interval(double[] differences, double[] baseline, Groups groups, double level)
    {
        var estimate = ClusteredMean.Interval(differences, groups, level);
        Check.SameLength("paired difference", "baseline", differences.Length, baseline.Length);
        var effective = baseline.Distinct().Count() > 1 ? Math.Clamp(differences.Length / ClusteredMean.DesignEffect(baseline, groups), groups.Count,
            differences.Length) : groups.Count;
        var floor = 1 - Math.Pow((1 - level) / 2, 1 / effective);
        var half = (estimate.High - estimate.Low) / 2;
        return half >= floor ? estimate
            : estimate with { Low = Math.Max(-1, estimate.Value - floor), High = Math.Min(1, estimate.Value + floor), Method = "clustered-mean-t-exact-floor" };
    }
}
