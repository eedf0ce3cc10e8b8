using TorchSharp;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Generation;

/// <summary>A batch of prompts, read once. Holds the cache, from which every call of <see cref="Generate"/> goes on without reading the prompt again, the
/// logits of the last position and what was captured. Owns its tensors: dispose it.</summary>
public sealed class Prefill : IDisposable
{
    /// <summary>Decoding goes on without the rows that are done when at most one in this many is not. Each time is one more part that attention runs
    /// over.</summary>
    const int FewRows = 4;

    readonly VisionLanguageModel model;
    readonly ModelInputs inputs;
    readonly PromptSplit? split;
    readonly HookSession? session;
    readonly KeyValueCache? heads;
    readonly KeyValueCache cache;
    readonly long[] nextPositions;
    readonly bool intervenes;                                                            // interventions may name rows: they stay as they are

    internal Prefill(VisionLanguageModel model, ModelInputs inputs, int maxNewTokens, ForwardOptions options)
        : this(model, inputs, null, maxNewTokens, options) { }

    internal Prefill(VisionLanguageModel model, PromptSplit split, int maxNewTokens, ForwardOptions options)
        : this(model, split.Tails, split, maxNewTokens, options) { }

    Prefill(VisionLanguageModel model, ModelInputs inputs, PromptSplit? split, int maxNewTokens, ForwardOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNewTokens, 1);
        if (options.Cache is not null) throw new ArgumentException("A prefill makes its own cache.", nameof(options));
        (this.model, this.inputs, this.split, intervenes) = (model, inputs, split, options.Interventions.Count > 0);
        var capacity = inputs.Length + maxNewTokens - 1;
        if (split is not null) (heads, HeadTrace) = ReadHeads(model, split, options);
        cache = heads is null ? NewCache(model, inputs.Rows, capacity) : heads.Continue(split!.HeadOf, capacity);
        try
        {
            session = HookSession.Create(model.Hooks, options.Captures, options.Interventions, options.InterventionData);
            using var scope = NewDisposeScope();
            using (model.Hooks.Activate(session))
            {
                var states = model.TextModel.Forward(model.Embed(inputs), model.PositionTensor(inputs), model.PromptMask(inputs), cache);
                var logits = model.TextModel.Logits(states, lastOnly: options.Logits != Positions.All);
                PromptLogits = logits.DetachFromDisposeScope();
            }
            var whole = split?.Whole ?? inputs;
            model.Passes.AddPrompts(inputs, unshared: whole.Rows * (long)whole.Length, continued: split is not null);
            Trace = Keep(session?.TakeTrace(options.CapturesToHost));
            if (session is not null) session.Decoding = true;
            cache.Hidden = AttentionMask.ForDecoding(inputs.AttentionMask, cache.Capacity, model.Dtype, model.Device);
            nextPositions = model.NextPositions(whole);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Heads into a cache of their own, and what was captured of them at all positions.</summary>
    static (KeyValueCache, Trace) ReadHeads(VisionLanguageModel model, PromptSplit split, ForwardOptions options)
    {
        if (options.Interventions.FirstOrDefault(intervention => intervention.Rows is not null) is { } one)
            throw new HookException($"'{one}' names rows, and rows share the beginning of their prompts here. Read the prompts without sharing.");
        var heads = split.Heads;
        var cache = NewCache(model, heads.Rows, heads.Length);
        try
        {
            using var session = HookSession.Create(model.Hooks, [.. options.Captures.Where(capture => capture.Positions == Positions.All)],
                [.. options.Interventions.Where(intervention => intervention.Positions == Positions.All)], options.InterventionData);
            using var scope = NewDisposeScope();
            using (model.Hooks.Activate(session))
                model.TextModel.Forward(model.Embed(heads), model.PositionTensor(heads), model.PromptMask(heads), cache);
            model.Passes.AddPrompts(heads, unshared: 0);
            cache.Hidden = AttentionMask.ForDecoding(heads.AttentionMask, heads.Length, model.Dtype, model.Device);
            return (cache, Keep(session?.TakeTrace(options.CapturesToHost, partial: true)));
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    static KeyValueCache NewCache(VisionLanguageModel model, int rows, int capacity)
    {
        var text = model.Config.Text;
        return new KeyValueCache(text.NumHiddenLayers, rows, text.NumKeyValueHeads, text.HeadDim, capacity, model.Dtype, model.Device);
    }

    static Trace Keep(Trace? trace)
    {
        foreach (var tensor in trace?.Values ?? []) tensor.DetachFromDisposeScope();
        return trace ?? Trace.Empty;
    }

    /// <summary>[B,1,V], or [B,T,V] when the options request all positions; in the model's dtype.</summary>
    public Tensor PromptLogits { get; } = null!;

    /// <summary>What was captured of the prompts; with shared heads, of their tails.</summary>
    public Trace Trace { get; } = Trace.Empty;

    /// <summary>With shared heads: what was captured of them at all positions, [G,P,…].</summary>
    public Trace HeadTrace { get; } = Trace.Empty;

    /// <summary>Where a token of a prompt is among the keys of an attention map's rows, ascending; with the image token, the image's cells.</summary>
    public int[] KeysOf(int row, int token) => split?.KeysOf(row, token) ?? inputs.PositionsOf(row, token);

    /// <summary>Answers to the prompts. May be called again, with other options: the cache is left as it was.</summary>
    public GenerationResult Generate(GenerationOptions options)
    {
        Check(options);
        using var scope = NewDisposeScope();
        int samples = options.Samples, rows = inputs.Rows * samples, promptLength = inputs.Length;
        var chooser = new TokenChooser(options, model.VocabularySize);
        var answers = new AnswerBuffer(options, inputs.Rows, model.EndTokenIds);
        var kept = new List<Tensor>();
        int[] running = [.. Enumerable.Range(0, rows)];

        using var fork = samples > 1 && options.MaxNewTokens > 1 ? cache.Fork(samples, options.MaxNewTokens - 1) : null;
        var current = fork ?? cache;
        var narrowed = new List<KeyValueCache>();                                        // each continues from the one before
        var logits = PromptLogits.select(1, PromptLogits.shape[1] - 1);                  // [B,V]
        using var active = model.Hooks.Activate(session);
        if (session is not null) session.RowsPerPrompt = samples;
        try
        {
            for (var step = 0; ; step++)
            {
                using var stepScope = NewDisposeScope();
                var ids = chooser.Choose(logits, step, answers, running);                // one per running row
                if (step < options.KeepLogits)
                    kept.Add((logits.shape[0] == rows ? logits : logits.repeat_interleave(samples, 0)).to(ScalarType.Float32).cpu().unsqueeze(1)
                        .MoveToOuterDisposeScope());
                if (answers.Done || step == options.MaxNewTokens - 1) break;
                if (!intervenes && options.KeepLogits == 0 && Open(running, answers) is { } open)
                {
                    (ids, running) = ([.. open.Select(at => ids[at])], [.. open.Select(at => running[at])]);
                    narrowed.Add(current = current.Continue(open, options.MaxNewTokens - 1 - step));
                }
                logits = Step(ids, step, row => running[row] / samples, current).MoveToOuterDisposeScope();
            }
        }
        finally
        {
            foreach (var part in narrowed) part.Dispose();
            cache.Truncate(promptLength);
        }
        return new GenerationResult(answers.Sequences(), kept.Count == 0 ? null : cat(kept, 1).MoveToOuterDisposeScope());
    }

    /// <summary>Places of the rows that are not done, once they are so few that it pays to go on with them alone: most answers are a word, and one description
    /// among them would carry all others along to its end.</summary>
    static int[]? Open(int[] rows, AnswerBuffer answers)
    {
        int[] open = [.. Enumerable.Range(0, rows.Length).Where(at => answers.IsOpen(rows[at]))];
        return open.Length * FewRows <= rows.Length ? open : null;
    }

    /// <summary>Reads given answers token by token and shows what each of these steps shows: the captures are of the token read, one trace per step.</summary>
    /// <param name="answers">One per prompt; shorter ones are filled up, and what the filling shows is to be left aside.</param>
    /// <param name="captures">At the one position of each step.</param>
    public IReadOnlyList<Trace> Replay(IReadOnlyList<IReadOnlyList<int>> answers, IReadOnlyList<Capture> captures)
    {
        if (answers.Count != inputs.Rows) throw new VrpException($"There are {answers.Count} answers to {inputs.Rows} prompts; expected one each.");
        using var scope = NewDisposeScope();
        var traces = new List<Trace>();
        try
        {
            var longest = answers.Max(answer => answer.Count);
            for (var step = 0; step < longest; step++)
            {
                using var replay = HookSession.Create(model.Hooks, captures, [], null);
                using var active = model.Hooks.Activate(replay);
                long[] ids = [.. answers.Select(answer => (long)(step < answer.Count ? answer[step] : 0))];
                Step(ids, step, row => row, cache).Dispose();
                var trace = replay!.TakeTrace(toHost: true);
                scope.MoveToOuter(trace.Values);
                traces.Add(trace);
            }
        }
        finally
        {
            cache.Truncate(inputs.Length);
        }
        return traces;
    }

    /// <summary>Continues every prompt in several ways from block <paramref name="layer"/> on, with other states at the last position than the prompt had
    /// there.</summary>
    /// <param name="layer">The first block that runs; the model's number of blocks for norm and head alone.</param>
    /// <param name="states">The input of that block at the last position, [B·arms,D], arms of one prompt next to each other.</param>
    /// <param name="maxNewTokens">Longest answer that <see cref="Restart.Generate"/> may give.</param>
    /// <param name="options">Interventions (rows are those of <paramref name="states"/>) that act on every token generated after the first.</param>
    public Restart RestartLast(int layer, Tensor states, int maxNewTokens = 1, ForwardOptions? options = null) =>
        new(model, cache, nextPositions, layer, states, maxNewTokens, options ?? new ForwardOptions());

    /// <summary>Runs one token per row; logits [rows,V].</summary>
    /// <param name="ids">One per row.</param>
    /// <param name="step">From 0.</param>
    /// <param name="promptOf">Each row's prompt.</param>
    /// <param name="rows">The rows' cache.</param>
    Tensor Step(long[] ids, int step, Func<int, int> promptOf, KeyValueCache rows)
    {
        using var scope = NewDisposeScope();
        var text = model.TextModel;
        var x = text.Scale(text.Embed(tensor(ids).unsqueeze(-1).to(model.Device)));      // [rows,1,D]
        var positions = model.DecodingPositions([.. Enumerable.Range(0, ids.Length).Select(row => nextPositions[promptOf(row)] + step)]);
        var states = text.Forward(x, positions, new AttentionMask(rows == cache ? cache.Hidden : null, false), rows);
        model.Passes.AddDecodedTokens(ids.Length);
        var logits = text.Logits(states, lastOnly: true);
        return logits.select(1, 0).MoveToOuterDisposeScope();
    }

    void Check(GenerationOptions options)
    {
        if (options.MaxNewTokens < 1) throw new VrpException($"The answer may have {options.MaxNewTokens} tokens; expected at least 1.");
        if (inputs.Length + options.MaxNewTokens - 1 > cache.Capacity)
            throw new VrpException($"The answer may have {options.MaxNewTokens} tokens; this prefill has room for {cache.Capacity - inputs.Length + 1}. "
                + "Prefill with more.");
        if (options.Samples < 1 || (options.Samples > 1 && options.Sampling is null))
            throw new VrpException($"{options.Samples} samples per prompt {(options.Sampling is null ? "without sampling" : "")}; "
                + "expected 1 for greedy answers, at least 1 with sampling. Give a temperature.");
        if (options.SampleIds is { } given && given.Count != inputs.Rows) throw new VrpException($"{given.Count} sample ids for {inputs.Rows} prompts; "
            + "expected one each.");
    }

    public void Dispose()
    {
        cache?.Dispose();
        heads?.Dispose();
        session?.Dispose();
        PromptLogits?.Dispose();
        Trace.Dispose();
        HeadTrace.Dispose();
    }
}

/// <summary>The answers to a batch of prompts.</summary>
/// <param name="Sequences">Prompt by prompt, sample by sample.</param>
/// <param name="Logits">float32 [rows, steps kept, V] on the CPU, rows in the order of <paramref name="Sequences"/>; null unless requested. It belongs to the
/// caller's dispose scope.</param>
public sealed record GenerationResult(IReadOnlyList<GeneratedSequence> Sequences, Tensor? Logits) : IDisposable
{
    public void Dispose() => Logits?.Dispose();
}

/// <summary>One answer.</summary>
/// <param name="Prompt">Row of the prompt in the batch.</param>
/// <param name="Sample">Which of its answers, from 0.</param>
/// <param name="Ids">The tokens, with the end token where one was reached.</param>
/// <param name="LogProbabilities">Of each token, natural logarithm, under the model before temperature, top-k and top-p.</param>
/// <param name="Ended">Whether an end token was reached.</param>
public sealed record GeneratedSequence(int Prompt, int Sample, IReadOnlyList<int> Ids, IReadOnlyList<float> LogProbabilities, bool Ended);

/// <summary>One token of one answer.</summary>
/// <param name="Prompt">Row of the prompt in the batch.</param>
/// <param name="Sample">Which of its answers, from 0.</param>
/// <param name="Step">From 0.</param>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Natural logarithm of its probability under the model, before temperature, top-k and top-p.</param>
public readonly record struct GeneratedToken(int Prompt, int Sample, int Step, int Id, float LogProbability);

/// <summary>The answers so far, row by row (prompt, then sample). A row that reached an end token takes no more; it is fed on with what it drew until all rows
/// are done.</summary>
sealed class AnswerBuffer(GenerationOptions options, int prompts, IReadOnlyList<int> endTokenIds)
{
    readonly List<(int Id, float LogProbability)>[] rows = [.. Enumerable.Range(0, prompts * options.Samples).Select(_ => new List<(int, float)>())];
    readonly bool[] ended = new bool[prompts * options.Samples];

    public bool Done => Array.TrueForAll(ended, end => end);

    public bool IsOpen(int row) => !ended[row];

    public void Add(int row, int step, int id, float logProbability)
    {
        if (ended[row]) return;
        rows[row].Add((id, logProbability));
        ended[row] = !options.IgnoreEndTokens && endTokenIds.Contains(id);
        options.OnToken?.Invoke(new GeneratedToken(row / options.Samples, row % options.Samples, step, id, logProbability));
    }

    public IReadOnlyList<GeneratedSequence> Sequences() =>
        [.. rows.Select((row, i) => new GeneratedSequence(i / options.Samples, i % options.Samples, [.. row.Select(token => token.Id)],
            [.. row.Select(token => token.LogProbability)], ended[i]))];
}
