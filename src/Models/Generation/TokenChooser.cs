using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Generation;

/// <summary>Chooses the next token of every row: greedy on the model's device; sampled on the host, from <see cref="TokenDistribution"/> and
/// <see cref="CounterRandom"/>.</summary>
sealed class TokenChooser(GenerationOptions options, int vocabularySize)
{
    /// <param name="logits">[prompts,V] at step 0, which all samples of a prompt share; else [rows,V].</param>
    /// <param name="step">From 0.</param>
    /// <param name="answers">Takes the tokens.</param>
    /// <param name="rows">The answers that are still being made, as rows of prompts · samples.</param>
    /// <returns>One id per row.</returns>
    public long[] Choose(Tensor logits, int step, AnswerBuffer answers, int[] rows) =>
        options.Sampling is { } sampling ? Sample(logits, sampling, step, answers, rows) : Greedy(logits, step, answers, rows);

    static long[] Greedy(Tensor logits, int step, AnswerBuffer answers, int[] rows)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to(ScalarType.Float32);
        var best = wide.argmax(-1, keepdim: true);                                       // [rows,1]
        var logProbabilities = (wide.gather(-1, best) - wide.logsumexp(-1, keepdim: true)).cpu().data<float>().ToArray();
        var ids = best.cpu().data<long>().ToArray();
        for (var row = 0; row < ids.Length; row++)
        {
            if (!float.IsFinite(logProbabilities[row])) throw NotFinite(rows[row], step);
            answers.Add(rows[row], step, (int)ids[row], logProbabilities[row]);
        }
        return ids;
    }

    long[] Sample(Tensor logits, Sampling sampling, int step, AnswerBuffer answers, int[] rows)
    {
        using var scope = NewDisposeScope();
        var host = logits.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        int given = host.Length / vocabularySize, share = rows.Length / given;
        var ids = new long[rows.Length];
        for (var i = 0; i < given; i++)
        {
            if (!Enumerable.Range(i * share, share).Any(at => answers.IsOpen(rows[at]))) continue;  // an ended row runs along with token 0
            var row = host.AsSpan(i * vocabularySize, vocabularySize);
            var distribution = new TokenDistribution(row, sampling);
            var normaliser = LogSumExp(row);
            for (var at = i * share; at < (i + 1) * share; at++)
            {
                int prompt = rows[at] / options.Samples, draw = rows[at] % options.Samples;
                var id = distribution.Draw(CounterRandom.Uniform(sampling.Seed, options.SampleIds?[prompt] ?? prompt, draw, step));
                ids[at] = id;
                answers.Add(rows[at], step, id, (float)(row[id] - normaliser));
            }
        }
        return ids;
    }

    static double LogSumExp(ReadOnlySpan<float> values)
    {
        var max = float.NegativeInfinity;
        foreach (var value in values) max = Math.Max(max, value);
        double sum = 0;
        foreach (var value in values) sum += Math.Exp(value - max);
        return max + Math.Log(sum);
    }

    static VrpException NotFinite(int row, int step) =>
        new($"The model's logits of prompt {row} at step {step} are not finite. Try --dtype float32: half precision may overflow in this model.");
}

/// <summary>The tokens that sampling leaves and their probabilities, as transformers' TemperatureLogitsWarper, TopKLogitsWarper and TopPLogitsWarper make them,
/// in that order.</summary>
public sealed class TokenDistribution
{
    readonly int[] ids;                 // ascending
    readonly double[] probabilities;
    readonly int vocabulary;

    /// <param name="logits">Of the whole vocabulary, finite.</param>
    /// <param name="sampling">What to apply.</param>
    public TokenDistribution(ReadOnlySpan<float> logits, Sampling sampling)
    {
        vocabulary = logits.Length;
        var scaled = new float[logits.Length];                                          // float32 as transformers': ties and cuts fall alike
        var max = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            scaled[i] = sampling.Temperature == 1 ? logits[i] : logits[i] / (float)sampling.Temperature;
            if (!float.IsFinite(scaled[i])) throw new VrpException($"The model's logit of token {i} is {logits[i]}; expected a finite number. "
                + "Try --dtype float32: half precision may overflow in this model.");
            max = Math.Max(max, scaled[i]);
        }

        var lowest = sampling.TopK > 0 && sampling.TopK < logits.Length ? KthLargest(scaled, sampling.TopK) : float.NegativeInfinity;
        int[] kept = [.. Enumerable.Range(0, scaled.Length).Where(i => scaled[i] >= lowest)];
        double[] weights = [.. kept.Select(i => Math.Exp(scaled[i] - max))];
        if (sampling.TopP < 1) (kept, weights) = Nucleus(kept, weights, sampling.TopP);

        var sum = weights.Sum();
        (ids, probabilities) = (kept, [.. weights.Select(weight => weight / sum)]);
    }

    /// <summary>The tokens that can be drawn, ascending.</summary>
    public IReadOnlyList<int> Ids => ids;

    /// <summary>Their probabilities, which sum to 1.</summary>
    public IReadOnlyList<double> Probabilities => probabilities;

    /// <summary>Over the whole vocabulary, 0 for what was left out.</summary>
    public double[] ToArray()
    {
        var all = new double[vocabulary];
        for (var i = 0; i < ids.Length; i++) all[ids[i]] = probabilities[i];
        return all;
    }

    /// <summary>The token at which the summed probabilities, by ascending id, exceed <paramref name="uniform"/> in [0, 1).</summary>
    public int Draw(double uniform)
    {
        double sum = 0;
        for (var i = 0; i < ids.Length; i++)
            if ((sum += probabilities[i]) > uniform) return ids[i];
        return ids[^1];                                                                 // the sum may fall short of 1 by rounding
    }

    static float KthLargest(float[] values, int k)
    {
        var largest = new PriorityQueue<float, float>(k + 1);
        foreach (var value in values)
            if (largest.Count < k) largest.Enqueue(value, value);
            else if (value > largest.Peek()) largest.EnqueueDequeue(value, value);
        return largest.Peek();
    }

    /// <summary>Drops, in ascending order (equals: lower id first), every token up to which the summed probability is at most 1 - p; never the last.</summary>
    static (int[] Ids, double[] Weights) Nucleus(int[] ids, double[] weights, double p)
    {
        double total = weights.Sum(), limit = (1 - p) * total, sum = 0;
        // Tokens below limit / n cannot reach the limit together: they go without being sorted, which leaves few of a large vocabulary.
        var surely = limit / weights.Length;
        var open = new List<int>();
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] <= surely) sum += weights[i];
            else open.Add(i);
        open.Sort((a, b) => weights[a] != weights[b] ? weights[a].CompareTo(weights[b]) : a.CompareTo(b));

        var first = 0;
        while (first < open.Count - 1 && (sum += weights[open[first]]) <= limit) first++;
        int[] kept = [.. open.Skip(first).Order()];
        return ([.. kept.Select(i => ids[i])], [.. kept.Select(i => weights[i])]);
    }
}

/// <summary>Uniform numbers that are a function of what they are for (seed, sample, draw, step) and of nothing else: no state, so that an answer is the same in
/// any batch, order, shard or resumed run. SplitMix64's finaliser (Steele, Lea &amp; Flood 2014, doi:10.1145/2660193.2660195) over the four numbers in
/// turn.</summary>
public static class CounterRandom
{
    /// <summary>The odd increment of SplitMix64, 2^64 divided by the golden ratio.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>In [0, 1), with 53 random bits.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="sampleId">The prompt, independent of its place in a batch.</param>
    /// <param name="draw">Which of the prompt's answers.</param>
    /// <param name="step">Which token of the answer.</param>
    public static double Uniform(ulong seed, long sampleId, int draw, int step)
    {
        var state = Mix(seed + Golden);
        state = Mix(state + Golden + (ulong)sampleId);
        state = Mix(state + Golden + (ulong)(uint)draw);
        state = Mix(state + Golden + (ulong)(uint)step);
        return (state >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The output function: a bijection of 64-bit numbers that mixes all bits.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
