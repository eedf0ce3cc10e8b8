using Vrp.Models;
using Vrp.Models.Generation;

namespace Vrp.Harness.Tracing;

/// <summary>What the distribution over the first answer token says. Computed on the host in float64.</summary>
/// <param name="Entropy">Nats, over the whole vocabulary.</param>
/// <param name="PYes">Probability of all tokens that say yes.</param>
/// <param name="PNo">Probability of all tokens that say no.</param>
/// <param name="Top">The most likely tokens.</param>
/// <param name="Nucleus">What sampled answers draw from.</param>
sealed record FirstTokenReading(double Entropy, double PYes, double PNo, IReadOnlyList<TokenProbability> Top, IReadOnlyList<TokenProbability> Nucleus)
{
    /// <param name="logits">[V]</param>
    /// <param name="sampling">Of the sampled answers; null where there are none.</param>
    /// <param name="words">The vocabulary.</param>
    /// <param name="id">The question's, for messages.</param>
    public static FirstTokenReading Of(ReadOnlySpan<float> logits, Sampling? sampling, AnswerWords words, string id)
    {
        var normaliser = LogSumExp(logits);
        if (!double.IsFinite(normaliser))
            throw new VrpException($"The model's logits for question {id} are not finite. Try --dtype float32: half precision may overflow in this model.");
        double entropy = 0;
        foreach (var logit in logits)
            if (Math.Exp(logit - normaliser) is var p and > 0) entropy -= p * (logit - normaliser);
        return new FirstTokenReading(entropy, Sum(logits, words.Yes, normaliser), Sum(logits, words.No, normaliser), TopOf(logits, normaliser, words),
            NucleusOf(logits, sampling, words));
    }

    static double Sum(ReadOnlySpan<float> logits, IReadOnlyList<int> ids, double normaliser)
    {
        double sum = 0;
        foreach (var id in ids) sum += Math.Exp(logits[id] - normaliser);
        return Math.Min(1, sum);                                                        // a sum of rounded terms may pass 1 by an ulp
    }

    static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (var logit in logits) max = Math.Max(max, logit);
        foreach (var logit in logits) sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    static TokenProbability[] TopOf(ReadOnlySpan<float> logits, double normaliser, AnswerWords words)
    {
        var best = new PriorityQueue<int, (float, int)>();                              // the worst of the best first; of equals the higher id
        for (var id = 0; id < logits.Length; id++)
            if (best.Count < TraceRecord.MostOfFirstToken) best.Enqueue(id, (logits[id], -id));
            else if (logits[id] > logits[best.Peek()]) best.EnqueueDequeue(id, (logits[id], -id));
        var top = new TokenProbability[best.Count];
        for (var i = top.Length - 1; i >= 0; i--)
        {
            var id = best.Dequeue();
            top[i] = new TokenProbability(id, words.TextOf(id), (float)Math.Exp(logits[id] - normaliser));
        }
        return top;
    }

    static TokenProbability[] NucleusOf(ReadOnlySpan<float> logits, Sampling? sampling, AnswerWords words)
    {
        if (sampling is null) return [];
        var left = new TokenDistribution(logits, sampling);
        return [.. left.Ids.Zip(left.Probabilities).OrderByDescending(token => token.Second).ThenBy(token => token.First).Take(TraceRecord.MostOfNucleus)
            .Select(token => new TokenProbability(token.First, words.TextOf(token.First), (float)token.Second))];
    }
}
