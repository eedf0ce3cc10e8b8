using TorchSharp;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Generation;

/// <summary>Many continuations ("arms") of every prompt of a <see cref="Prefill"/>, each with a state of its own at the prompt's last position. The blocks
/// above run for that position alone and read the other positions' keys and values from the prefill's cache, where they stay as the prompt left them. For
/// causal families this is a forward with the same change at the last position; where a prompt is read with full attention (PaliGemma) it leaves out what the
/// other positions would have read from the changed one.</summary>
/// <remarks>The prefill is in use until this is disposed.</remarks>
public sealed class Restart : IDisposable
{
    readonly VisionLanguageModel model;
    readonly KeyValueCache cache, fork;
    readonly long[] positions;
    readonly int maxNewTokens;
    readonly HookSession? session;

    internal Restart(VisionLanguageModel model, KeyValueCache cache, long[] nextPositions, int layer, Tensor states, int maxNewTokens,
        ForwardOptions options)
    {
        (this.model, this.cache, this.maxNewTokens) = (model, cache, maxNewTokens);
        int rows = (int)states.shape[0], arms = rows / nextPositions.Length;
        if (states.dim() != 2 || arms == 0 || rows % nextPositions.Length != 0 || states.shape[1] != model.HiddenSize)
            throw new ShapeException("restart at the last position", $"states [a multiple of {nextPositions.Length}, {model.HiddenSize}]",
                ShapeException.Text(states));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNewTokens, 1);
        positions = [.. Enumerable.Range(0, rows).Select(row => nextPositions[row / arms] - 1)];
        cache.Truncate(cache.Length - 1);
        fork = cache.Fork(arms, maxNewTokens);
        try
        {
            session = HookSession.Create(model.Hooks, [], options.Interventions, options.InterventionData);
            if (session is not null) session.Decoding = true;
            using var scope = NewDisposeScope();
            fork.TakeLastOfPrefix(layer, copy: maxNewTokens > 1);
            var x = states.to(model.Dtype).to(model.Device).unsqueeze(1);                // [B·A,1,D]
            x = model.TextModel.Forward(x, model.DecodingPositions(positions), AttentionMask.None, fork, layer);
            Logits = model.TextModel.Logits(x, lastOnly: true).select(1, 0).DetachFromDisposeScope();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Of the first token of every arm, [B·arms,V] in the model's dtype; rows prompt by prompt, arm by arm.</summary>
    public Tensor Logits { get; } = null!;

    /// <summary>Greedy answers of all arms. The interventions that the restart was made with act on every token generated.</summary>
    /// <param name="wanted">Rows whose answers matter; the others run along until those are done, and their sequences are cut there. Null: all.</param>
    public IReadOnlyList<GeneratedSequence> Generate(IReadOnlySet<int>? wanted = null)
    {
        using var scope = NewDisposeScope();
        var rows = positions.Length;
        var options = new GenerationOptions { MaxNewTokens = maxNewTokens };
        var chooser = new TokenChooser(options, model.VocabularySize);
        int[] all = [.. Enumerable.Range(0, rows)];
        var answers = new AnswerBuffer(options, rows, model.EndTokenIds);
        using var active = model.Hooks.Activate(session);
        var logits = Logits;
        try
        {
            for (var step = 0; ; step++)
            {
                using var stepScope = NewDisposeScope();
                var ids = chooser.Choose(logits, step, answers, all);
                var done = wanted is null ? answers.Done : !wanted.Any(answers.IsOpen);
                if (done || step == maxNewTokens - 1) break;
                logits = Step(ids, step).MoveToOuterDisposeScope();
            }
        }
        finally
        {
            fork.Truncate(1);
        }
        return answers.Sequences();
    }

    Tensor Step(long[] ids, int step)
    {
        using var scope = NewDisposeScope();
        var text = model.TextModel;
        var x = text.Scale(text.Embed(tensor(ids).unsqueeze(-1).to(model.Device)));
        x = text.Forward(x, model.DecodingPositions([.. positions.Select(position => position + 1 + step)]), AttentionMask.None, fork);
        model.Passes.AddDecodedTokens(ids.Length);
        return text.Logits(x, lastOnly: true).select(1, 0).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        fork.Dispose();
        session?.Dispose();
        Logits?.Dispose();
        cache.Advance(1);
    }
}
