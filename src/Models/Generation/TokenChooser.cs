using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Generation;

/// <summary>Chooses the next token of every row: greedy on the model's device; sampled on the host, from <see cref="TokenDistribution"/> and
/// <see cref="CounterRandom"/>.</summary>
sealed class TokenChooser(GenerationOptions options, int prompts, int vocabularySize)
{
    /// <param name="logits">[prompts,V] at step 0, which all samples of a prompt share; else [prompts · samples,V].</param>
    /// <param name="step">From 0.</param>
    /// <param name="answers">Takes the tokens.</param>
    /// <returns>One id per row, prompts · samples.</returns>
    public long[] Choose(Tensor logits, int step, AnswerBuffer answers) =>
        options.Sampling is { } sampling ? Sample(logits, sampling, step, answers) : Greedy(logits, step, answers);

    static long[] Greedy(Tensor logits, int step, AnswerBuffer answers)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to(ScalarType.Float32);
        var best = wide.argmax(-1, keepdim: true);                                       // [rows,1]
        var logProbabilities = (wide.gather(-1, best) - wide.logsumexp(-1, keepdim: true)).cpu().data<float>().ToArray();
        var ids = best.cpu().data<long>().ToArray();
        for (var row = 0; row < ids.Length; row++)
        {
            if (!float.IsFinite(logProbabilities[row])) throw NotFinite(row, step);
            answers.Add(row, step, (int)ids[row], logProbabilities[row]);
        }
        return ids;
    }

    long[] Sample(Tensor logits, Sampling sampling, int step, AnswerBuffer answers)
    {
        using var scope = NewDisposeScope();
        var host = logits.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        int given = host.Length / vocabularySize, rows = prompts * options.Samples, share = rows / given;
        var ids = new long[rows];
        for (var i = 0; i < given; i++)
        {
            if (!Enumerable.Range(i * share, share).Any(answers.IsOpen)) continue;       // an ended row runs along with token 0
            var row = host.AsSpan(i * vocabularySize, vocabularySize);
            var distribution = new TokenDistribution(row, sampling);
            var normaliser = LogSumExp(row);
            for (var at = i * share; at < (i + 1) * share; at++)
            {
                int prompt = at / options.Samples, draw = at % options.Samples;
                var id = distribution.Draw(CounterRandom.Uniform(sampling.Seed, options.SampleIds?[prompt] ?? prompt, draw, step));
                ids[at] = id;
                answers.Add(at, step, id, (float)(row[id] - normaliser));
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
