using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>What the answers and their probabilities say. All are oriented so that higher means more confident.</summary>
/// <param name="FirstTokenEntropy">−H of the first token's distribution, nats.</param>
/// <param name="FirstTokenProbability">Largest probability of a first token.</param>
/// <param name="FirstTokenMargin">Largest minus second largest.</param>
/// <param name="PTok">Mean log-probability of the chosen tokens with the end token, nats.</param>
/// <param name="PTokWithoutEnd">Without it; an empty answer has the end token's own.</param>
sealed record BehaviourSignals(Signal FirstTokenEntropy, Signal FirstTokenProbability, Signal FirstTokenMargin, Signal PTok, Signal PTokWithoutEnd)
{
    /// <summary>The five signals that one greedy answer gives.</summary>
    public IReadOnlyList<Signal> SinglePass { get; } = [FirstTokenEntropy, FirstTokenProbability, FirstTokenMargin, PTok, PTokWithoutEnd];

    /// <exception cref="NotFiniteException">A missing or infinite log-probability or entropy.</exception>
    public static BehaviourSignals Compute(StudyContext study)
    {
        var rows = study.Rows;
        if (rows.FirstOrDefault(row => row.Record.FirstToken.Count < 2) is { } without)
            throw new NotRunException($"sample {without.Id} has no first-token probabilities. Trace it again.");
        Signal Of(string name, Func<StudyRow, double> of) => Signal.Of(name, rows, of);
        var signals = new BehaviourSignals(
            Of("first_token_entropy", row => -row.Record.Entropy),
            Of("first_token_probability", row => row.Record.FirstToken[0].Probability),
            Of("first_token_margin", row => row.Record.FirstToken[0].Probability - row.Record.FirstToken[1].Probability),
            Of("p_tok", row => Confidence.MeanLogProbability([.. row.Record.LogProbabilities])),
            Of("p_tok_without_end", row => Confidence.MeanLogProbability([.. row.Record.LogProbabilities], withEnd: !row.Record.Ended || row.Record.LogProbabilities.Count == 1)));
        foreach (var signal in signals.SinglePass) Check.Finite("behavioural signals", signal.Name, rows.Take(signal));
        return signals;
    }

    /// <summary>S_SC: the share of the commonest parsed answer; answers that do not parse are one answer.</summary>
    /// <exception cref="NotRunException">A row without samples, or with another number than the trace states.</exception>
    public static Signal SelfConsistency(StudyContext study) => Signal.Of("self_consistency", study.Rows, row =>
    {
        var sampled = row.Record.SampledAnswers;
        if (sampled.Count != study.Trace.Facts.Samples)
            throw new NotRunException($"sample {row.Id} has {sampled.Count} sampled answers, the trace states {study.Trace.Facts.Samples}. Trace it with sampling.");
        // Most of a row's answers are alike: each is read once.
        var said = sampled.Select(sample => sample.Text).Distinct().ToDictionary(text => text, text => Say(study, row, text));
        return Measures.SelfConsistency.Observed(sampled.Select(sample => said[sample.Text]));
    });

    /// <summary>E[S_SC] in closed form from the distribution that the first token was drawn from, for answers of one token.</summary>
    public static Signal ExpectedSelfConsistency(StudyContext study) => Signal.Of("self_consistency_closed_form", study.Rows.Where(HasOneToken), row =>
    {
        var shares = row.Record.Nucleus.GroupBy(token => Say(study, row, token.Text)).Select(answer => answer.Sum(token => token.Probability)).ToList();
        var rest = 1 - shares.Sum();
        if (rest > 1e-9) shares.Add(rest);   // tokens that the trace does not list: together one more answer
        var total = shares.Sum();
        return Measures.SelfConsistency.Expected([.. shares.Select(share => share / total)], study.Trace.Facts.Samples);
    });

    static bool HasOneToken(StudyRow row) => row.Record.Ids.Count - (row.Record.Ended ? 1 : 0) == 1 && row.Record.Nucleus.Count > 0;

    static string Say(StudyContext study, StudyRow row, string text)
    {
        var scored = study.Trace.Scorer.Score(row.Record.Question, text);
        return scored.Status == Datasets.Answers.AnswerStatus.Unparsed ? "\0unparsed" : scored.Parsed ?? text;
    }
}
