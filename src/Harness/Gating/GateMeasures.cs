using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Gating;

/// <summary>Measures every metric of the gate on the paired rows.</summary>
sealed class GateMeasures(PairedStudies pairs, GateOptions options)
{
    /// <summary>Share of the answers that an abstaining product keeps.</summary>
    const double Coverage = 0.8;

    /// <summary>Fewer wrong answers than this may leave a probe without enough of them in each of its folds: then a missing probe is the model's merit and no
    /// gap.</summary>
    const int FewErrors = 40;

    const string Probe = "probe", SelfConsistency = "self_consistency", AttentionEntropy = "attention_entropy";

    /// <summary>All metrics, in the catalogue's order.</summary>
    public IReadOnlyList<MetricMeasurement> All()
    {
        var yesNo = QuestionKind.YesNo.Name();
        var measures = new Dictionary<string, Func<MetricMeasurement, MetricMeasurement>>
        {
            ["accuracy"] = draft => Shares(draft, Every, question => question.IsCorrect, lowerIsBetter: false),
            ["unparsed_share"] = draft => Shares(draft, Every, question => question.Label == AnswerStatus.Unparsed, lowerIsBetter: true),
            ["probe_auroc"] = draft => Ranking(draft, Signal(Probe, yesNo)),
            ["probe_risk_at_80"] = draft => Risk(draft, Signal(Probe, yesNo)),
            ["s_sc_auroc"] = draft => Ranking(draft, Signal(SelfConsistency)),
            ["s_sc_precision"] = draft => Precision(draft, Signal(SelfConsistency)),
            ["confidence_auroc"] = draft => Ranking(draft, Signal(Confidence)),
            ["confidence_risk_at_80"] = draft => Risk(draft, Signal(Confidence)),
            ["brier"] = draft => Brier(draft, Signal(Confidence)),
            ["ece"] = draft => CalibrationError(draft, Signal(Confidence)),
            ["ablation_excess_all"] = draft => Excess(draft, "all"),
            ["ablation_excess_last"] = draft => Excess(draft, "last"),
            ["attention_r_pb"] = draft => AttentionCorrelation(draft, Signal(AttentionEntropy)),
        };
        foreach (var kind in QuestionKinds.Names)
            measures[GateMetrics.OfKind(kind)] = draft =>
                Shares(draft, [.. Every.Where(row => pairs.Rows[row].Baseline.Kind == kind)], question => question.IsCorrect, lowerIsBetter: false);
        return [.. GateMetrics.All.Select(metric => Measure(new MetricMeasurement(metric), measures[metric.Name]))];
    }

    /// <summary>The first token's probability; where the baseline's run, an imported one, has none, the confidence that its log states.</summary>
    string Confidence { get; } = new[] { "first_token_probability",
        "confidence" }.FirstOrDefault(score => pairs.Rows.Any(row => row.Baseline.Scores.ContainsKey(score))) ?? "first_token_probability";

    int[] Every => [.. Enumerable.Range(0, pairs.Rows.Count)];

    static MetricMeasurement Measure(MetricMeasurement draft, Func<MetricMeasurement, MetricMeasurement> measure)
    {
        try
        {
            return measure(draft);
        }
        catch (StatisticsException error) when (error is not (DuplicateRowException or GroupLeakException))
        {
            return draft with { Missing = error.Message };   // named, and never a number: the judge makes it NotMeasured
        }
    }

    MetricMeasurement Shares(MetricMeasurement draft, int[] rows, Func<QuestionResult, bool> holds, bool lowerIsBetter)
    {
        if (TooFew(draft, rows) is { } few) return few;
        var groups = pairs.Groups!.Select(rows);
        double[] Of(Func<(QuestionResult Baseline, QuestionResult Candidate), QuestionResult> side) =>
            [.. rows.Select(row => holds(side(pairs.Rows[row])) ? 1.0 : 0)];
        var (before, after) = (Of(row => row.Baseline), Of(row => row.Candidate));
        double[] gains = [.. before.Zip(after, (b, c) => lowerIsBetter ? b - c : c - b)];
        var flips = SignFlip.Test(gains, groups, options.Draws, options.Seed);
        var discordant = McNemar.Test([.. gains.Select(gain => gain < 0)], [.. gains.Select(gain => gain > 0)]);
        return draft with
        {
            Baseline = ClusteredMean.ShareInterval(before, groups, options.Level),
            Candidate = ClusteredMean.ShareInterval(after, groups, options.Level),
            Difference = PairedDifference.Interval(gains, before, groups, options.Level),
            // Signs of all images turned is as likely as not under H₀, so the two tails are alike.
            P = flips.Difference < 0 ? flips.P / 2 : 1 - flips.P / 2,
            Note = $"{discordant.OnlyFirst} worse, {discordant.OnlySecond} better, McNemar two-sided {NumberText.PIs(discordant.P)}",
        };
    }

    MetricMeasurement Ranking(MetricMeasurement draft, SignalRows signal)
    {
        if (signal.Missing is not null) return draft with { Missing = signal.Missing, Lost = signal.Lost };
        if (TooFew(draft, signal.Rows) is { } few) return few;
        var groups = pairs.Groups!.Select(signal.Rows);
        var (left, parts) = (new List<string>(), new List<(double Weight, int[] Places, bool[][] Labels, double[][] Scores)>());
        foreach (var kind in Enumerable.Range(0, signal.Rows.Length).GroupBy(place => signal.Kinds[place]))
        {
            int[] places = [.. kind];
            bool[][] labels = [[.. places.Select(place => signal.Baseline[place].Right)], [.. places.Select(place => signal.Candidate[place].Right)]];
            var smallest = labels.Min(own => Math.Min(own.Count(right => right), own.Count(right => !right)));
            if (smallest < options.MinimumClass) left.Add($"{kind.Key} ({smallest} right or wrong)");
            else
                parts.Add((labels.Sum(own => own.Count(right => right) * (double)own.Count(right => !right) / own.Length), places, labels,
                    [[.. places.Select(place => signal.Baseline[place].Score)], [.. places.Select(place => signal.Candidate[place].Score)]]));
        }

        if (parts.Count == 0)
            return draft with { Missing = $"nothing to rank: fewer than {options.MinimumClass} right or wrong answers of one of the models in "
                + $"{string.Join(", ", left)}" };
        // One set of weights for both models: a difference of like with like.
        RowInfluence Pooled(int side) => RowInfluence.Pooled(signal.Rows.Length, [.. parts.Select(part =>
            (part.Weight, part.Places, RowInfluence.Auroc(part.Labels[side], part.Scores[side], groups.Select(part.Places))))]);
        var (before, after) = (Pooled(0), Pooled(1));
        var (difference, p) = RowInfluence.Difference(after, before, groups, "auroc-influence-clustered-paired", options.Level);
        var kept = parts.Sum(part => part.Places.Length);
        Estimate Counted(Estimate estimate) => estimate with { N = kept };
        return draft with
        {
            Baseline = Counted(before.Interval(groups, "auroc-influence-clustered", options.Level)),
            Candidate = Counted(after.Interval(groups, "auroc-influence-clustered", options.Level)),
            Difference = Counted(difference),
            P = p,
            Note = string.Join("; ", new[] { signal.Note, left.Count > 0 ? $"left out: {string.Join(", ", left)}" : "" }.Where(note => note.Length > 0)),
            RiskGain = difference.Value < -options.MarginOf(draft.Metric) ? RiskDifference(signal, groups).Estimate : null,
        };
    }

    MetricMeasurement Risk(MetricMeasurement draft, SignalRows signal)
    {
        if (signal.Missing is not null) return draft with { Missing = signal.Missing, Lost = signal.Lost };
        if (TooFew(draft, signal.Rows) is { } few) return few;
        var groups = pairs.Groups!.Select(signal.Rows);
        var bootstrap = new ClusteredBootstrap(groups, options.Draws, options.Seed);
        var (gain, p) = RiskDifference(signal, groups);
        return draft with { Baseline = bootstrap.Percentile(RiskOf(signal.Baseline, groups), options.Level),
            Candidate = bootstrap.Percentile(RiskOf(signal.Candidate, groups), options.Level), Difference = gain, P = p, Note = signal.Note };
    }

    (Estimate Estimate, double PLower) RiskDifference(SignalRows signal, Groups groups) => new ClusteredBootstrap(groups, options.Draws, options.Seed)
        .PercentileTest(GroupStatistics.Difference(RiskOf(signal.Baseline, groups), RiskOf(signal.Candidate, groups)), options.Level);

    static GroupStatistic RiskOf((bool Right, double Score)[] side, Groups groups) => GroupStatistics.RiskAt(Labels(side), Scores(side), Coverage, groups);

    MetricMeasurement Precision(MetricMeasurement draft, SignalRows signal)
    {
        if (signal.Missing is not null) return draft with { Missing = signal.Missing, Lost = signal.Lost };
        var groups = signal.Rows.Length > 0 ? pairs.Groups!.Select(signal.Rows) : null;
        int Unanimous((bool Right, double Score)[] side) => side.Count(row => row.Score == 1);
        var fewest = Math.Min(Unanimous(signal.Baseline), Unanimous(signal.Candidate));
        if (groups is null || fewest < options.MinimumRows) return draft with { Missing = $"{fewest} answers of one of the models are unanimous; at least "
            + $"{options.MinimumRows} are needed" };
        RowInfluence Of((bool Right, double Score)[] side)
        {
            double[] chosen = [.. side.Select(row => row.Score == 1 ? 1.0 : 0)];
            return RowInfluence.Ratio([.. side.Select(row => row is { Score: 1, Right: true } ? 1.0 : 0)], chosen, groups);
        }

        var (before, after) = (Of(signal.Baseline), Of(signal.Candidate));
        var (difference, p) = RowInfluence.Difference(after, before, groups, "ratio-influence-clustered-paired", options.Level);
        // As for accuracy: where hardly an answer differs, never narrower than what no event in so many images leaves open.
        var floor = 1 - Math.Pow((1 - options.Level) / 2, 1.0 / Math.Min(before.Units, after.Units));
        if (difference.High - difference.Value < floor)
            difference = difference with { Low = Math.Max(-1, difference.Value - floor), High = Math.Min(1, difference.Value + floor),
                Method = "ratio-influence-exact-floor" };
        return draft with
        {
            Baseline = before.Interval(groups, "ratio-influence-clustered", options.Level) with { N = Unanimous(signal.Baseline) },
            Candidate = after.Interval(groups, "ratio-influence-clustered", options.Level) with { N = Unanimous(signal.Candidate) },
            Difference = difference,
            P = p,
            Note = $"unanimous: {Unanimous(signal.Baseline)} before, {Unanimous(signal.Candidate)} now",
        };
    }

    MetricMeasurement Brier(MetricMeasurement draft, SignalRows signal)
    {
        if (signal.Missing is not null) return draft with { Missing = signal.Missing, Lost = signal.Lost };
        if (TooFew(draft, signal.Rows) is { } few) return few;
        var groups = pairs.Groups!.Select(signal.Rows);
        // (p − y)² by row: their mean is the Brier score, checked for its domain by Calibration.
        double[] Of((bool Right, double Score)[] side) => [.. side.Select(row => Calibration.Brier([row.Right], [row.Score]))];
        var (before, after) = (Of(signal.Baseline), Of(signal.Candidate));
        var (difference, p) = RowInfluence.Difference(RowInfluence.Mean(before, groups), RowInfluence.Mean(after, groups), groups, "clustered-mean-t",
            options.Level);
        // Oriented: baseline − candidate; a loss is a difference below 0 here too.
        return draft with { Baseline = ClusteredMean.Interval(before, groups, options.Level), Candidate = ClusteredMean.Interval(after, groups, options.Level),
            Difference = difference, P = p };
    }

    MetricMeasurement CalibrationError(MetricMeasurement draft, SignalRows signal)
    {
        if (signal.Missing is not null) return draft with { Missing = signal.Missing, Lost = signal.Lost };
        if (TooFew(draft, signal.Rows) is { } few) return few;
        var groups = pairs.Groups!.Select(signal.Rows);
        GroupStatistic Of((bool Right, double Score)[] side) => GroupStatistics.ExpectedCalibrationError(Labels(side), Scores(side), groups);
        return Bootstrapped(draft, groups, Of(signal.Baseline), Of(signal.Candidate), lowerIsBetter: true);
    }

    MetricMeasurement AttentionCorrelation(MetricMeasurement draft, SignalRows signal)
    {
        if (signal.Missing is not null) return draft with { Missing = signal.Missing, Lost = signal.Lost };
        if (TooFew(draft, signal.Rows) is { } few) return few;
        var groups = pairs.Groups!.Select(signal.Rows);
        GroupStatistic Of((bool Right, double Score)[] side) => GroupStatistics.Correlation(Scores(side), [.. side.Select(row => row.Right ? 1.0 : 0)], groups);
        return Bootstrapped(draft, groups, Of(signal.Baseline), Of(signal.Candidate), lowerIsBetter: false) with { TwoSided = true, P = null };
    }

    MetricMeasurement Bootstrapped(MetricMeasurement draft, Groups groups, GroupStatistic before, GroupStatistic after, bool lowerIsBetter)
    {
        var bootstrap = new ClusteredBootstrap(groups, options.Draws, options.Seed);
        var (difference, p) = bootstrap.PercentileTest(lowerIsBetter ? GroupStatistics.Difference(before, after) : GroupStatistics.Difference(after, before),
            options.Level);
        return draft with { Baseline = bootstrap.Percentile(before, options.Level), Candidate = bootstrap.Percentile(after, options.Level),
            Difference = difference, P = p };
    }

    MetricMeasurement Excess(MetricMeasurement draft, string positions)
    {
        var with = (Baseline: Every.Where(row => pairs.Rows[row].Baseline.Excess.ContainsKey(positions)).ToArray(),
            Candidate: Every.Where(row => pairs.Rows[row].Candidate.Excess.ContainsKey(positions)).ToArray());
        if (with.Baseline.Length == 0) return draft with { Missing = $"the baseline's run has no ablation at {positions} positions" };
        if (with.Candidate.Length == 0) return draft with { Missing = $"the candidate's run has no ablation at {positions} positions; the baseline's has. Run "
            + "it with --budget full", Lost = true };
        int[] rows = [.. with.Baseline.Intersect(with.Candidate).Order()];
        if (TooFew(draft, rows) is { } few) return few;
        var groups = pairs.Groups!.Select(rows);
        double[] before = [.. rows.Select(row => pairs.Rows[row].Baseline.Excess[positions])],
            after = [.. rows.Select(row => pairs.Rows[row].Candidate.Excess[positions])];
        var (difference, p) = RowInfluence.Difference(RowInfluence.Mean(after, groups), RowInfluence.Mean(before, groups), groups, "clustered-mean-t",
            options.Level);
        var note = rows.Length < with.Baseline.Length || rows.Length < with.Candidate.Length
            ? $"on the {rows.Length} questions that both runs ablated, of {with.Baseline.Length} and {with.Candidate.Length}" : "";
        return draft with { Baseline = ClusteredMean.Interval(before, groups, options.Level), Candidate = ClusteredMean.Interval(after, groups, options.Level),
            Difference = difference, P = p, Note = note };
    }

    /// <summary>The rows that both runs have a score for, of one kind or of all.</summary>
    SignalRows Signal(string score, string? kind = null)
    {
        int[] rows = [.. Every.Where(row => kind is null || pairs.Rows[row].Baseline.Kind == kind)];
        bool[] before = [.. rows.Select(row => pairs.Rows[row].Baseline.Scores.ContainsKey(score))],
            after = [.. rows.Select(row => pairs.Rows[row].Candidate.Scores.ContainsKey(score))];
        int hasBefore = before.Count(has => has), hasAfter = after.Count(has => has), both = before.Zip(after).Count(pair => pair.First && pair.Second);
        SignalRows Absent(string reason, bool lost) => new([], [], [], [], "", reason, lost);
        if (rows.Length == 0) return Absent($"there are no {kind ?? "judged"} questions", false);
        if (hasBefore == 0) return Absent($"the baseline's run has no '{score}' scores", false);
        if (hasAfter == 0)
        {
            var wrong = rows.Count(row => !pairs.Rows[row].Candidate.IsCorrect);
            return score == Probe && wrong < FewErrors ? Absent($"the candidate errs on {wrong} of {rows.Length} questions, too few to fit a probe on", false)
                : Absent($"the candidate's run has no '{score}' scores; the baseline's has", true);
        }

        // Only the probe scores a part of the rows, by design; anything else that is there for some of them is damaged.
        if (score != Probe && (hasBefore < rows.Length || hasAfter < rows.Length))
            return Absent($"'{score}' is missing for {rows.Length - hasBefore} rows of the baseline and {rows.Length - hasAfter} of the candidate",
                hasAfter < rows.Length);
        var note = both < hasBefore || both < hasAfter
            ? $"on the {both} questions that both probes held out, of {hasBefore} and {hasAfter}: the runs split the images differently" : "";
        int[] kept = [.. rows.Where((_, i) => before[i] && after[i])];
        return new SignalRows(kept, [.. kept.Select(row => pairs.Rows[row].Baseline.Kind)], [.. kept.Select(row => Of(pairs.Rows[row].Baseline))],
            [.. kept.Select(row => Of(pairs.Rows[row].Candidate))], note, null,
            false);

        (bool, double) Of(QuestionResult question) => (question.IsCorrect, question.Scores[score]);
    }

    MetricMeasurement? TooFew(MetricMeasurement draft, int[] rows) => rows.Length >= options.MinimumRows ? null
        : draft with { Missing = $"{rows.Length} questions; at least {options.MinimumRows} are needed" };

    static bool[] Labels((bool Right, double Score)[] side) => [.. side.Select(row => row.Right)];

    static double[] Scores((bool Right, double Score)[] side) => [.. side.Select(row => row.Score)];

    /// <summary>A signal of both runs on the same rows.</summary>
    sealed record SignalRows(int[] Rows, string[] Kinds, (bool Right, double Score)[] Baseline, (bool Right, double Score)[] Candidate, string Note,
        string? Missing,
        bool Lost);
}

/// <summary>A metric measured, before the family of tests is adjusted and the margin decides.</summary>
/// <param name="Metric">Which.</param>
sealed record MetricMeasurement(GateMetric Metric)
{
    /// <summary>Of each run on the common rows; the difference is oriented so that positive is better.</summary>
    public Estimate? Baseline { get; init; }

    /// <inheritdoc cref="Baseline"/>
    public Estimate? Candidate { get; init; }

    /// <inheritdoc cref="Baseline"/>
    public Estimate? Difference { get; init; }

    /// <summary>One-sided, of H₀: no loss.</summary>
    public double? P { get; init; }

    /// <summary>What a reader has to know: rows left out, the other test's figure.</summary>
    public string Note { get; init; } = "";

    /// <summary>Why there is no measure; null where there is one.</summary>
    public string? Missing { get; init; }

    /// <summary>The baseline has the measure and the candidate does not: a regression could hide there.</summary>
    public bool Lost { get; init; }

    /// <summary>Neither direction is worse.</summary>
    public bool TwoSided { get; init; }

    /// <summary>Of a ranking: baseline's minus candidate's share wrong among the 80 % that the signal is surest of.</summary>
    public Estimate? RiskGain { get; init; }
}
