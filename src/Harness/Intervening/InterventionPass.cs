using TorchSharp;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Engine;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Harness.Intervening;

/// <summary>All arms of one block of questions. One prefill keeps what the ablated layers computed; ablation at the last position restarts from its cache with
/// arms as rows of the batch, ablation at all positions restarts whole prompts above the layer; only masked images are encoded and read anew. What an image's
/// questions share is computed once per image in all of these, where attention is causal.</summary>
sealed class InterventionPass : IDisposable
{
    readonly VisionLanguageModel model;
    readonly TraceSet trace;
    readonly InterventionPlan plan;
    readonly InterventionOptions options;
    readonly AnswerWords words;
    readonly OneTokenAnswers oneToken;
    readonly IReadOnlyList<InterventionArm> arms;
    readonly List<AblationBatch> lastPosition = [], allPositions = [];
    readonly Dictionary<string, int> traceRows;
    readonly ArmCosts costs;

    public InterventionPass(VisionLanguageModel model, TraceSet trace, InterventionPlan plan, IReadOnlyList<InterventionArm> arms, InterventionOptions options,
        AnswerWords words, ArmCosts costs)
    {
        (this.model, this.trace, this.plan, this.arms, this.options, this.words, this.costs) = (model, trace, plan, arms, options, words, costs);
        if (plan.MaskingLayers.FirstOrDefault(layer => layer >= model.Layers, -1) is >= 0 and var beyond)
            throw new VrpException($"The plan masks by the attention of layer {beyond} of {model.Layers}. The plan was made for another model.");
        oneToken = new OneTokenAnswers(trace, model.EndTokenIds);
        traceRows = trace.Records.Select((record, row) => (record, row)).ToDictionary(pair => pair.record.Question.Id, pair => pair.row,
            StringComparer.Ordinal);
        var reference = new ReferenceOutputs(trace, plan);
        var perBatch = Math.Max(1, options.RowsPerBatch / options.BlockSize);
        foreach (var group in arms.Select((arm, index) => (Index: index, Arm: arm)).Where(a => a.Arm.Part == InterventionPart.Ablation)
            .GroupBy(a => (a.Arm.Layer, a.Arm.Mode, a.Arm.Positions)))
        {
            if (group.Key.Layer < 0 || group.Key.Layer >= model.Layers)
                throw new VrpException($"Arm {group.First().Arm.Name} is at layer {group.Key.Layer} of {model.Layers}. The plan was made for another model.");
            if (group.Key is { Positions: Positions.All, Mode: not AblationMode.Zero })
                throw new VrpException($"Arm {group.First().Arm.Name}: at all positions units can be set to zero only; means and donors are known for the "
                    + "last prompt position.");
            foreach (var chunk in group.Chunk(perBatch))
                (group.Key.Positions == Positions.Last ? lastPosition : allPositions)
                    .Add(new AblationBatch(chunk, reference, model.HiddenSize, model.Device));
        }
    }

    /// <summary>The block's results.</summary>
    public ArmResults Run(PreparedBlock block)
    {
        using var grad = inference_mode();
        using var scope = NewDisposeScope();
        var results = new ArmResults(arms.Count, block.Questions.Count);
        long[] seeds = [.. block.Questions.Select(TracePass.SeedOf)];
        var features = SharedImages.Encode(model, block.Images);
        var prompts = new Prompts(SharedImages.Inputs(model, block, features), SharedImages.Split(model, block, features, options.PrefixSharing));
        using (var prefill = costs.Of(ArmCosts.Prefill, block.Questions.Count, () => Read(prompts, options.MaxNewTokens + 1,
            new ForwardOptions { Captures = Captures(), Logits = Positions.Last, CapturesToHost = false })))
        {
            Store(results, 0, block, prefill);
            foreach (var batch in lastPosition)
                costs.Of("last position", block.Questions.Count * batch.Arms.Count, () => RunLast(results, block, prefill, batch, seeds));
            foreach (var batch in allPositions)
                costs.Of("all positions", block.Questions.Count * batch.Arms.Count, () => RunAll(results, block, prompts, prefill, batch));
        }
        for (var arm = 1; arm < arms.Count; arm++)
            if (arms[arm] is { Part: InterventionPart.Masking, Patches: MaskedPatches.Full } or { Part: InterventionPart.None }) results.Copy(0, arm);
            else if (arms[arm].Part == InterventionPart.Masking) costs.Of("masking", block.Questions.Count, () => RunMasked(results, block, arm));
        return results;
    }

    /// <summary>What each ablated layer adds up: input of its MLP's sum and the MLP's output, at as many positions as the arms need.</summary>
    Capture[] Captures()
    {
        IEnumerable<Capture> Of(IEnumerable<AblationBatch> batches, Positions positions) => batches.Select(batch => batch.First.Layer).Distinct()
            .SelectMany(layer => ((string[])["resid_pre", "attn.out", "mlp.out"]).Select(point => new Capture($"blocks.{layer}.{point}", positions)));
        return [.. Of(lastPosition, Positions.Last), .. Of(allPositions, Positions.All)];
    }

    void RunLast(ArmResults results, PreparedBlock block, Prefill prefill, AblationBatch batch, long[] seeds)
    {
        using var scope = NewDisposeScope();
        var states = LastStates(prefill.Trace, batch, seeds);
        int layer = batch.First.Layer + 1, armCount = batch.Arms.Count;
        var open = new HashSet<int>();
        using (var restart = prefill.RestartLast(layer, states)) Score(results, block, batch, restart.Logits, open);
        if (open.Count == 0) return;

        var (interventions, data) = batch.Records(seeds);
        using var longer = prefill.RestartLast(layer, states, options.MaxNewTokens,
            new ForwardOptions { Interventions = interventions, InterventionData = data });
        var answers = longer.Generate(open);
        foreach (var row in open) results.Complete(batch.Arms[row % armCount].Index, row / armCount, Text(answers[row]));
    }

    /// <summary>Outputs of the ablated block at the last position, summed in the forward's order, [B·A,D].</summary>
    internal static Tensor LastStates(Trace trace, AblationBatch batch, long[] seeds)
    {
        using var scope = NewDisposeScope();
        Tensor Last(string point) => trace[$"blocks.{batch.First.Layer}.{point}"] is var x ? x.select(1, x.shape[1] - 1) : x;
        var before = Last("resid_pre").Plus(Last("attn.out")).unsqueeze(1);                // [B,1,D]
        var states = before.Plus(batch.Apply(Last("mlp.out"), seeds));                       // [B,A,D]
        return states.reshape(-1, states.shape[^1]).MoveToOuterDisposeScope();
    }

    void RunAll(ArmResults results, PreparedBlock block, Prompts prompts, Prefill prefill, AblationBatch batch)
    {
        var perPass = Math.Max(1, options.PositionsPerBatch / prompts.Positions);
        foreach (var chunk in batch.Arms.Chunk(perPass))
        {
            using var scope = NewDisposeScope();
            using var part = new AblationBatch(chunk, batch.Reference, model.HiddenSize, model.Device);
            var (next, tails) = (batch.First.Layer + 1, AllStates(prefill.Trace, part));
            // What an image's questions share is shared under ablation too: it acts on the head alike, whatever the question.
            var logits = prompts.Split is { } split ? model.ForwardFrom(next, AllStates(prefill.HeadTrace, part), tails, split)
                : model.ForwardFrom(next, tails, prompts.Inputs, new ForwardOptions { Logits = Positions.Last }).Logits;
            var open = new HashSet<int>();
            Score(results, block, part, logits.select(1, 0), open);
            foreach (var arm in open.GroupBy(row => row % chunk.Length)) Finish(results, prompts, chunk[arm.Key], arm.Select(row => row / chunk.Length));
        }
    }

    /// <summary>Outputs of the block at all positions, its units set to zero as each arm says, [B·A,T,D].</summary>
    static Tensor AllStates(Trace trace, AblationBatch batch)
    {
        using var scope = NewDisposeScope();
        var at = $"blocks.{batch.First.Layer}.";
        var states = trace[at + "resid_pre"].Plus(trace[at + "attn.out"]).unsqueeze(1).Plus(batch.Apply(trace[at + "mlp.out"], []));   // [B,A,T,D]
        return states.reshape(-1, states.shape[2], states.shape[3]).MoveToOuterDisposeScope();
    }

    /// <summary>Answers of more than one token under ablation at all positions: read and decoded in full, an arm at a time.</summary>
    void Finish(ArmResults results, Prompts prompts, (int Index, InterventionArm Arm) arm, IEnumerable<int> questions)
    {
        using var scope = NewDisposeScope();
        using var prefill = Read(prompts, options.MaxNewTokens,
            new ForwardOptions { Interventions = [Intervention.Zero($"blocks.{arm.Arm.Layer}.mlp.out", arm.Arm.Units)], Logits = Positions.Last });
        var answers = prefill.Generate(new GenerationOptions { MaxNewTokens = options.MaxNewTokens }).Sequences;
        foreach (var question in questions) results.Complete(arm.Index, question, Text(answers[question]));
    }

    /// <summary>Questions of one image with the same cells hidden, as all of a random draw, share the masked image and what is read of it.</summary>
    void RunMasked(ArmResults results, PreparedBlock block, int arm)
    {
        using var scope = NewDisposeScope();
        var images = new List<(int Image, int[] Cells)>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] imageOf = [.. block.Questions.Select((question, i) =>
        {
            var cells = MaskedCells.Choose(trace, traceRows[question.Id], plan, arms[arm]);
            var key = $"{block.ImageOf[i]}:{string.Join(',', cells)}";
            if (!known.TryGetValue(key, out var image))
            {
                known.Add(key, image = images.Count);
                images.Add((block.ImageOf[i], cells));
            }
            return image;
        })];
        var pixels = PatchMask.Apply(block with { ImageOf = [.. images.Select(image => image.Image)] }, [.. images.Select(image => image.Cells)]);
        var masked = block with { Images = pixels, ImageOf = imageOf, Grids = [.. images.Select(image => block.Grids[image.Image])] };
        using var prefill = SharedImages.Read(model, masked, SharedImages.Encode(model, pixels), options.MaxNewTokens,
            new ForwardOptions { Logits = Positions.Last }, options.PrefixSharing);
        Store(results, arm, block, prefill);
    }

    Prefill Read(Prompts prompts, int room, ForwardOptions forward) =>
        prompts.Split is { } split ? model.Prefill(split, room, forward) : model.Prefill(prompts.Inputs, room, forward);

    /// <summary>A block's prompts, and the same parted where an image's questions share what they begin with.</summary>
    sealed record Prompts(ModelInputs Inputs, PromptSplit? Split)
    {
        public int Positions => Split is null ? Inputs.Rows * Inputs.Length : Split.Heads.Rows * Split.Heads.Length + Split.Tails.Rows * Split.Tails.Length;
    }

    /// <summary>Greedy answers of a prefill.</summary>
    void Store(ArmResults results, int arm, PreparedBlock block, Prefill prefill)
    {
        var first = FirstTokenScores.Of(prefill.PromptLogits.select(1, prefill.PromptLogits.shape[1] - 1), words);
        var greedy = prefill.Generate(new GenerationOptions { MaxNewTokens = options.MaxNewTokens }).Sequences;
        for (var i = 0; i < block.Questions.Count; i++)
            results.Set(arm, i, Text(greedy[i]), first.Yes[i], first.No[i]);
    }

    /// <summary>Scores rows (question by question, arm by arm) by their first token; those that it does not decide are added to
    /// <paramref name="open"/>.</summary>
    void Score(ArmResults results, PreparedBlock block, AblationBatch batch, Tensor logits, HashSet<int> open)
    {
        var first = FirstTokenScores.Of(logits, words);
        var armCount = batch.Arms.Count;
        for (var row = 0; row < block.Questions.Count * armCount; row++)
        {
            var (question, arm) = (row / armCount, batch.Arms[row % armCount]);
            results.Set(arm.Index, question, words.TextOf(first.Best[row]), first.Yes[row], first.No[row]);
            if (!oneToken.Holds(block.Questions[question], first.Best[row])) open.Add(row);
        }
    }

    string Text(GeneratedSequence sequence) => model.Processor.Tokenizer.Decode([.. sequence.Ids], skipSpecialTokens: true);

    public void Dispose()
    {
        foreach (var batch in lastPosition.Concat(allPositions)) batch.Dispose();
    }
}
