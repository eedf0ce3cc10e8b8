using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>What the answers and their probabilities say, by row. All are oriented so that higher means more confident.</summary>
/// <param name="FirstTokenEntropy">−H of the first token's distribution, nats.</param>
/// <param name="FirstTokenProbability">Largest probability of a first token.</param>
/// <param name="FirstTokenMargin">Largest minus second largest.</param>
/// <param name="PTok">Mean log-probability of the chosen tokens with the end token, nats.</param>
/// <param name="PTokWithoutEnd">Without it; an empty answer has the end token's own.</param>
sealed record BehaviourSignals(double[] FirstTokenEntropy, double[] FirstTokenProbability, double[] FirstTokenMargin, double[] PTok, double[] PTokWithoutEnd)
{
    /// <summary>The five signals that one greedy answer gives, by their names in metrics.json.</summary>
    public IReadOnlyList<(string Name, double[] Values)> SinglePass { get; } =
    [
        ("first_token_entropy", FirstTokenEntropy), ("first_token_probability", FirstTokenProbability), ("first_token_margin", FirstTokenMargin),
        ("p_tok", PTok), ("p_tok_without_end", PTokWithoutEnd),
    ];

    /// <exception cref="NotFiniteException">A missing or infinite log-probability or entropy.</exception>
    public static BehaviourSignals Compute(StudyContext study)
    {
        var n = study.Rows.Length;
        var signals = new BehaviourSignals(new double[n], new double[n], new double[n], new double[n], new double[n]);
        for (var row = 0; row < n; row++)
        {
            var record = study.Record(row);
            if (record.FirstToken.Count < 2) throw new NotRunException($"sample {record.Sample.Id} has no first-token probabilities. Trace it again.");
            signals.FirstTokenEntropy[row] = -record.Entropy;
            signals.FirstTokenProbability[row] = record.FirstToken[0].Probability;
            signals.FirstTokenMargin[row] = record.FirstToken[0].Probability - record.FirstToken[1].Probability;
            double[] chosen = [.. record.LogProbabilities];
            signals.PTok[row] = Confidence.MeanLogProbability(chosen);
            signals.PTokWithoutEnd[row] = Confidence.MeanLogProbability(chosen, withEnd: !record.Ended || chosen.Length == 1);
        }

        foreach (var (name, values) in signals.SinglePass) Check.Finite("behavioural signals", name, values);
        return signals;
    }

    /// <summary>S_SC of every row: the share of the commonest parsed answer; answers that do not parse are one answer.</summary>
    /// <exception cref="NotRunException">A row without samples, or with another number than the trace states.</exception>
    public static double[] SelfConsistency(StudyContext study) => [.. Enumerable.Range(0, study.Rows.Length).Select(row =>
    {
        var record = study.Record(row);
        if (record.Samples.Count != study.Trace.Facts.Samples)
            throw new NotRunException($"sample {record.Sample.Id} has {record.Samples.Count} sampled answers, the trace states {study.Trace.Facts.Samples}. Trace it with sampling.");
        // Most of a row's answers are alike: each is read once.
        var said = record.Samples.Select(sample => sample.Text).Distinct().ToDictionary(text => text, text => Say(study, record, text));
        return Measures.SelfConsistency.Observed(record.Samples.Select(sample => said[sample.Text]));
    })];

    /// <summary>E[S_SC] in closed form from the distribution that the first token was drawn from, for answers of one token; null for the others.</summary>
    public static double?[] ExpectedSelfConsistency(StudyContext study) => [.. Enumerable.Range(0, study.Rows.Length).Select(row =>
    {
        var record = study.Record(row);
        var tokens = record.Ids.Count - (record.Ended ? 1 : 0);
        if (tokens != 1 || record.Nucleus.Count == 0) return (double?)null;
        var shares = record.Nucleus.GroupBy(token => Say(study, record, token.Text)).Select(answer => answer.Sum(token => token.Probability)).ToList();
        var rest = 1 - shares.Sum();
        if (rest > 1e-9) shares.Add(rest);   // tokens that the trace does not list: together one more answer
        var total = shares.Sum();
        return Measures.SelfConsistency.Expected([.. shares.Select(share => share / total)], study.Trace.Facts.Samples);
    })];

    static string Say(StudyContext study, TraceRecord record, string text)
    {
        var scored = study.Trace.Judge.Score(record.Sample, text);
        return scored.Status == AnswerStatus.Unparsed ? "\0unparsed" : scored.Parsed ?? text;
    }
}
