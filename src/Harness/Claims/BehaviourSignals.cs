using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>What the answers and their probabilities say. All are oriented so that higher means more confident.</summary>
/// <param name="SinglePass">The signals that one greedy answer gives.</param>
/// <param name="Missing">Those of <see cref="Names"/> that are not among them: none but of an imported run.</param>
sealed record BehaviourSignals(IReadOnlyList<Signal> SinglePass, IReadOnlyList<string> Missing)
{
    /// <summary>−H of the first token's distribution, nats; largest probability of a first token; largest minus second largest; mean log-probability of the
    /// chosen tokens with the end token, nats; and without it (an empty answer has the end token's own).</summary>
    public static IReadOnlyList<string> Names { get; } = ["first_token_entropy", "first_token_probability", "first_token_margin", "p_tok", "p_tok_without_end"];

    /// <summary>The probability of being right: the first token's, else what an imported log states.</summary>
    /// <exception cref="NotRunException">There is neither.</exception>
    public Signal Probability => SinglePass.FirstOrDefault(signal => signal.Name is "first_token_probability")
        ?? SinglePass.FirstOrDefault(signal => signal.Name is Stated)
        ?? throw new NotRunException("the answers have no probability.");

    const string Stated = "confidence";

    /// <exception cref="NotFiniteException">A missing or infinite log-probability or entropy.</exception>
    public static BehaviourSignals Compute(StudyContext study)
    {
        var rows = study.Rows;
        if (study.Trace.Facts.ImportedFrom is { } source) return Imported(study, source);
        if (rows.FirstOrDefault(row => row.Record.FirstToken.Count < 2) is { } without)
            throw new NotRunException($"question {without.Id} has no first-token probabilities. Trace it again.");
        return Checked(rows,
        [
            Signal.Of(Names[0], rows, row => -row.Record.Entropy),
            Signal.Of(Names[1], rows, Probability1),
            Signal.Of(Names[2], rows, Margin),
            Signal.Of(Names[3], rows, row => Confidence.MeanLogProbability([.. row.Record.LogProbabilities])),
            Signal.Of(Names[4], rows,
                row => Confidence.MeanLogProbability([.. row.Record.LogProbabilities], withEnd: !row.Record.Ended || row.Record.LogProbabilities.Count == 1)),
        ], []);
    }

    /// <summary>A log holds what its program was configured to keep: the likeliest first tokens rather than all of them (hence no entropy), the answer's tokens
    /// without the end token, or a number of its own.</summary>
    static BehaviourSignals Imported(StudyContext study, string source)
    {
        var (rows, signals) = (study.Rows, new List<Signal>());
        if (rows.All(row => row.Record.FirstToken.Count > 0)) signals.Add(Signal.Of(Names[1], rows, Probability1));
        if (rows.All(row => row.Record.FirstToken.Count > 1)) signals.Add(Signal.Of(Names[2], rows, Margin));
        if (rows.All(row => row.Record.LogProbabilities.Count > 0)) signals.Add(Signal.Of(Names[4], rows,
            row => Confidence.MeanLogProbability([.. row.Record.LogProbabilities])));
        if (rows.All(row => row.Record.StatedConfidence is not null)) signals.Add(Signal.Of(Stated, rows, row => row.Record.StatedConfidence!.Value));
        return rows.Count > 0 && signals.Count > 0 ? Checked(rows, signals, [.. Names.Except(signals.Select(signal => signal.Name))])
            : throw new NotRunException($"the {source} log has no probabilities of its answers.",
                "a log with them (Inspect: logprobs=true), or the model traced here");
    }

    static BehaviourSignals Checked(RowSet rows, IReadOnlyList<Signal> signals, IReadOnlyList<string> missing)
    {
        foreach (var signal in signals) Check.Finite("behavioural signals", signal.Name, rows.Take(signal));
        return new BehaviourSignals(signals, missing);
    }

    static double Probability1(StudyRow row) => row.Record.FirstToken[0].Probability;

    static double Margin(StudyRow row) => row.Record.FirstToken[0].Probability - row.Record.FirstToken[1].Probability;

    /// <summary>A verdict of support takes all signals that the claim is about: with some of them missing it stays open. A refutation rests on those that are
    /// there.</summary>
    public Decision WithoutMissing(Decision decision) => Missing.Count == 0 || decision.Verdict != Verdict.Supported ? decision
        : new Decision(Verdict.Inconclusive, $"{decision.Reason}; not known of {string.Join(", ", Missing)}", "the model traced here, which has all signals");

    /// <summary>S_SC: the share of the commonest parsed answer; answers that do not parse are one answer.</summary>
    /// <exception cref="NotRunException">A row without sampled answers, or with another number than the trace states.</exception>
    public static Signal SelfConsistency(StudyContext study) => Signal.Of("self_consistency", study.Rows, row =>
    {
        var sampled = row.Record.SampledAnswers;
        if (sampled.Count != study.Trace.Facts.Samples)
            throw new NotRunException($"question {row.Id} has {sampled.Count} sampled answers, the trace states {study.Trace.Facts.Samples}. Trace it with "
                + "sampling.");
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
