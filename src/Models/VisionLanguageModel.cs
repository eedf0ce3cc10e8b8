using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models;

/// <summary>A vision-language model: processor → vision tower → projector → language model. One forward at a time per model. Autograd follows the caller's grad
/// mode and the weights' <c>requires_grad</c>.</summary>
public abstract class VisionLanguageModel : IDisposable
{
    readonly Weights weights;
    HookPoint embed = null!;
    Processor? processor;

    private protected VisionLanguageModel(VisionLanguageConfig config, Weights weights) => (Config, this.weights) = (config, weights);

    /// <summary>Loads a checkpoint: a folder, a snapshot in the hub's cache, or <c>org/name[@revision]</c> from there.</summary>
    /// <param name="pathOrRepository">Where it is.</param>
    /// <param name="dtype">Compute dtype; default float32 on the CPU, the checkpoint's own on CUDA.</param>
    /// <param name="device">Default the CPU.</param>
    public static VisionLanguageModel Load(string pathOrRepository, ScalarType? dtype = null, Device? device = null) =>
        Load(Checkpoint.Open(pathOrRepository), dtype, device);

    /// <inheritdoc cref="Load(string, ScalarType?, Device?)"/>
    public static VisionLanguageModel Load(Checkpoint checkpoint, ScalarType? dtype = null, Device? device = null)
    {
        var opened = OpenedModel.Of(checkpoint);
        EngineLibrary.Require(device?.type ?? DeviceType.CPU);
        device ??= CPU;
        dtype ??= opened.DefaultDtype(device.type);
        var model = Create(opened.Config, checkpoint.LoadWeights(opened.Tensors, dtype, device), opened.Processor);
        model.EndTokenIds = EndTokens.Read(checkpoint);
        return model;
    }

    /// <summary>A model over weights in memory (training starts from random ones). The model owns and disposes them; its device and dtype are theirs.</summary>
    public static VisionLanguageModel Create(VisionLanguageConfig config, Weights weights, Processor? processor = null)
    {
        foreach (var tensor in weights.All.Values) tensor.DetachFromDisposeScope();      // they live as long as the model, not as long as the caller's scope
        var model = ModelFamilies.For(config.ModelType).Model(config, weights);
        model.processor = processor;
        return model;
    }

    public VisionLanguageConfig Config { get; }

    /// <summary>Blocks of the language model.</summary>
    public int Layers => Config.Text.NumHiddenLayers;

    /// <summary>Units of the residual stream, D.</summary>
    public int HiddenSize => Config.Text.HiddenSize;

    /// <summary>Rows of the head, V.</summary>
    public int VocabularySize => Config.Text.VocabSize;

    /// <summary>The token whose places in input_ids image features take.</summary>
    public int ImageTokenId => Config.ImageTokenId;

    /// <summary>Tokens that end an answer (generation_config.json, else config.json).</summary>
    public IReadOnlyList<int> EndTokenIds { get; set; } = [];

    public ScalarType Dtype => TextModel.Dtype;
    public Device Device => TextModel.Device;

    /// <summary>The language model, for callers that bring their own embeddings, positions and masks.</summary>
    public TextModel TextModel { get; private protected set; } = null!;

    /// <summary>All hook points.</summary>
    public HookRegistry Hooks { get; } = new();

    /// <summary>Prompt and images to <see cref="ModelInputs"/>.</summary>
    /// <exception cref="VrpException">The model was made from weights in memory, without one.</exception>
    public Processor Processor => processor ?? throw new VrpException("This model has no processor: it was made from weights in memory. "
        + "Give VisionLanguageModel.Create one, or load a checkpoint folder.");

    /// <summary>What this model has computed so far.</summary>
    public PassCounter Passes => TextModel.Passes;

    /// <summary>The weights, by hub name.</summary>
    public Weights Weights => weights;

    /// <summary>One pass over whole prompts.</summary>
    public ForwardResult Forward(ModelInputs inputs, ForwardOptions? options = null)
    {
        options ??= new ForwardOptions();
        Passes.AddPrompts(inputs, inputs.Rows * (long)inputs.Length);
        return Run(options, () => TextModel.Forward(Embed(inputs), PositionTensor(inputs), MaskOver(inputs), options.Cache));
    }

    /// <summary>Runs the blocks from <paramref name="layer"/> on, final norm and head: for interventions that leave everything below untouched.</summary>
    /// <param name="layer">The first block that runs; <see cref="Layers"/> for norm and head alone.</param>
    /// <param name="states">What a forward over <paramref name="inputs"/> had at <c>blocks.{layer}.resid_pre</c> (for <see cref="Layers"/>, at the last
    /// <c>resid_post</c>), at all positions: [R,T,D]. R is inputs.Rows × arms, arms of one prompt next to each other.</param>
    /// <param name="inputs">The prompts, for positions and mask; images are not read.</param>
    /// <param name="options">Captures and interventions at points that this pass reaches; rows are those of <paramref name="states"/>.</param>
    public ForwardResult ForwardFrom(int layer, Tensor states, ModelInputs inputs, ForwardOptions? options = null)
    {
        if (states.dim() != 3 || states.shape[0] % inputs.Rows != 0 || states.shape[1] != inputs.Length)
            throw new ShapeException("restart", $"states [a multiple of {inputs.Rows}, {inputs.Length}, {HiddenSize}], at all positions of the prompts",
                ShapeException.Text(states));
        options ??= new ForwardOptions();
        if (options.Cache is not null) throw new ArgumentException("A restart cannot fill a cache: the blocks below did not run.", nameof(options));
        return Run(options, () =>
        {
            var arms = (int)(states.shape[0] / inputs.Rows);
            var repeats = inputs.Rows == 1 ? 1 : arms;                                   // one row broadcasts
            return TextModel.Forward(states.to(Dtype).to(Device), PositionTensor(inputs, repeats), MaskOver(inputs.RepeatTokens(repeats)), firstLayer: layer);
        });
    }

    /// <summary>The same for prompts with shared heads: each head's arms run once, and the tails' arms continue from them.</summary>
    /// <param name="layer">The first block that runs.</param>
    /// <param name="heads">What blocks.{layer}.resid_pre has of the heads, [G·arms,P,D], arms of one head next to each other.</param>
    /// <param name="tails">The same of the tails, [B·arms,T,D].</param>
    /// <param name="prompts">For positions and masks; images are not read.</param>
    /// <returns>Logits at the last position, [B·arms,1,V].</returns>
    public Tensor ForwardFrom(int layer, Tensor heads, Tensor tails, PromptSplit prompts)
    {
        var (head, tail) = (prompts.Heads, prompts.Tails);
        var arms = (int)(heads.shape[0] / head.Rows);
        if (heads.dim() != 3 || heads.shape[0] != arms * head.Rows || heads.shape[1] != head.Length || tails.dim() != 3 || tails.shape[0] != arms * tail.Rows
            || tails.shape[1] != tail.Length)
            throw new ShapeException("restart with shared heads", $"states [{head.Rows} × arms, {head.Length}, {HiddenSize}] and [{tail.Rows} × arms, "
                + $"{tail.Length}, {HiddenSize}]", $"{ShapeException.Text(heads)} and {ShapeException.Text(tails)}");
        using var scope = NewDisposeScope();
        var text = Config.Text;
        using var shared = new KeyValueCache(Layers, heads.shape[0], text.NumKeyValueHeads, text.HeadDim, head.Length, Dtype, Device, [], layer);
        var headTokens = head.RepeatTokens(arms);
        TextModel.Forward(heads.to(Dtype).to(Device), PositionTensor(head, arms), MaskOver(headTokens), shared, layer);
        shared.Hidden = AttentionMask.ForDecoding(headTokens.AttentionMask, head.Length, Dtype, Device);
        using var own = shared.Continue([.. prompts.HeadOf.SelectMany(of => Enumerable.Range(of * arms, arms))], tail.Length);
        var states = TextModel.Forward(tails.to(Dtype).to(Device), PositionTensor(tail, arms), MaskOver(tail.RepeatTokens(arms)), own, layer);
        return TextModel.Logits(states, lastOnly: true).MoveToOuterDisposeScope();
    }

    /// <summary>Reads prompts into a cache, from which <see cref="Generation.Prefill.Generate"/> draws any number of answers.</summary>
    /// <param name="inputs">The prompts.</param>
    /// <param name="maxNewTokens">Room for an answer.</param>
    /// <param name="options">Captures of the prompts; interventions act on the prompts and on every token generated.</param>
    public Prefill Prefill(ModelInputs inputs, int maxNewTokens, ForwardOptions? options = null) =>
        new(this, inputs, maxNewTokens, options ?? new ForwardOptions());

    /// <summary>The same with heads that several prompts have in common read once each. Interventions act on heads and tails and may not name rows; what is
    /// captured at all positions is of the tails in <see cref="Generation.Prefill.Trace"/>, of the heads in
    /// <see cref="Generation.Prefill.HeadTrace"/>.</summary>
    public Prefill Prefill(PromptSplit prompts, int maxNewTokens, ForwardOptions? options = null) =>
        new(this, prompts, maxNewTokens, options ?? new ForwardOptions());

    /// <summary>Prefill and answers in one.</summary>
    public GenerationResult Generate(ModelInputs inputs, GenerationOptions options, ForwardOptions? forward = null)
    {
        using var prefill = Prefill(inputs, options.MaxNewTokens, forward);
        return prefill.Generate(options);
    }

    /// <summary>Logit lens at the last position, from captures of <c>blocks.*.resid_post</c> (all or <c>@last</c>): float32 [B,L,V] on the CPU; row L-1 equals
    /// the logits.</summary>
    public Tensor LogitLens(Trace trace)
    {
        using var scope = NewDisposeScope();
        var states = Enumerable.Range(0, Layers).Select(i => trace[$"blocks.{i}.resid_post"]).Select(x => x.select(1, x.shape[1] - 1)).ToList();
        return TextModel.Unembed(stack(states, 1)).to(ScalarType.Float32).cpu().MoveToOuterDisposeScope();
    }

    /// <summary>What block 0 reads: token embeddings with image features in place, scaled as the family does, [B,T,D].</summary>
    public Tensor Embed(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var x = ImagePlacement.Place(inputs, Config, TextModel, CountedImageFeatures);
        return TextModel.Scale(embed.At(x)).MoveToOuterDisposeScope();
    }

    /// <summary>Images through vision tower and projector, for <see cref="ModelInputs.ImageFeatures"/>.</summary>
    /// <param name="pixelValues">As a processor makes them.</param>
    /// <param name="imageGridThw">Qwen2-VL: the grid of each image.</param>
    /// <returns>One row per image token, image by image, [N,D] in the model's dtype.</returns>
    public Tensor EncodeImages(Tensor pixelValues, long[,]? imageGridThw)
    {
        using var scope = NewDisposeScope();
        return CountedImageFeatures(pixelValues.to(Dtype).to(Device), imageGridThw).reshape(-1, HiddenSize).MoveToOuterDisposeScope();
    }

    /// <summary>position_ids of prompts, int64 [B,T], in Qwen2-VL [3,B,T].</summary>
    public Tensor PositionIds(ModelInputs inputs) => PositionTensor(inputs);

    /// <summary>What takes the places of the image tokens, as rows of D units.</summary>
    /// <param name="pixel_values">In the model's dtype, on its device.</param>
    /// <param name="image_grid_thw">Qwen2-VL: the grid of each image.</param>
    public abstract Tensor GetImageFeatures(Tensor pixel_values, long[,]? image_grid_thw);

    /// <summary>Whether a prompt's states depend only on what comes before them, so that prompts with a common beginning may share its states.</summary>
    public bool ReadsCausally => Config.ReadsCausally;

    /// <summary>Position of a prompt's first token.</summary>
    private protected virtual long FirstPosition => 0;

    /// <summary>Rows of position_ids per token; 1 are [B,T], 3 are [3,B,T].</summary>
    private protected virtual int PositionAxes => 1;

    /// <summary>[axes,B,T]. Here: tokens counted without padding, which is at FirstPosition + 1 as in transformers' generate.</summary>
    private protected virtual long[,,] GetPositions(ModelInputs inputs)
    {
        var positions = new long[1, inputs.Rows, inputs.Length];
        for (var row = 0; row < inputs.Rows; row++)
        {
            var next = FirstPosition;
            for (var t = 0; t < inputs.Length; t++) positions[0, row, t] = inputs.AttentionMask[row, t] == 0 ? FirstPosition + 1 : next++;
        }
        return positions;
    }

    /// <summary>Which keys each query of the prompts sees; causal unless the family reads otherwise.</summary>
    private protected virtual AttentionMask MaskOver(ModelInputs inputs) => AttentionMask.CausalOver(inputs.AttentionMask, Dtype, Device);

    /// <summary>Declares the embedding's hook point before the language model's, so that names lie in the order of the forward.</summary>
    private protected TextModel BuildText(Func<TextModel> build)
    {
        embed = Hooks.Root.Point("embed");
        return build();
    }

    Tensor CountedImageFeatures(Tensor pixel_values, long[,]? image_grid_thw)
    {
        Passes.AddImages(image_grid_thw?.GetLength(0) ?? pixel_values.shape[0]);
        return GetImageFeatures(pixel_values, image_grid_thw);
    }

    internal AttentionMask PromptMask(ModelInputs inputs) => MaskOver(inputs);

    /// <summary>position_ids of prompts, [axes,B,T].</summary>
    internal long[,,] HostPositions(ModelInputs inputs) => inputs.Positions ?? GetPositions(inputs);

    /// <summary>The position after each prompt's last token: the largest so far plus one.</summary>
    internal long[] NextPositions(ModelInputs inputs)
    {
        var positions = HostPositions(inputs);
        var next = new long[inputs.Rows];
        for (var row = 0; row < inputs.Rows; row++)
        {
            next[row] = FirstPosition;
            for (var axis = 0; axis < PositionAxes; axis++)
                for (var t = 0; t < inputs.Length; t++)
                    if (inputs.AttentionMask[row, t] != 0) next[row] = Math.Max(next[row], positions[axis, row, t] + 1);
        }
        return next;
    }

    /// <summary>position_ids of one generated token per row.</summary>
    internal Tensor DecodingPositions(long[] next)
    {
        using var scope = NewDisposeScope();
        var one = tensor(next).unsqueeze(-1);                                            // [B,1]
        return (PositionAxes == 1 ? one : one.expand(PositionAxes, -1, -1)).to(Device).MoveToOuterDisposeScope();
    }

    /// <summary>position_ids with every row <paramref name="repeats"/> times in a row.</summary>
    internal Tensor PositionTensor(ModelInputs inputs, int repeats = 1)
    {
        using var scope = NewDisposeScope();
        var positions = tensor([.. HostPositions(inputs).Cast<long>()], [PositionAxes, inputs.Rows, inputs.Length]);
        if (repeats > 1) positions = positions.repeat_interleave(repeats, 1);
        return (PositionAxes == 1 ? positions.squeeze(0) : positions).to(Device).MoveToOuterDisposeScope();
    }

    ForwardResult Run(ForwardOptions options, Func<Tensor> blocks)
    {
        using var scope = NewDisposeScope();
        using var session = HookSession.Create(Hooks, options.Captures, options.Interventions, options.InterventionData);
        using var active = Hooks.Activate(session);
        var logits = TextModel.Logits(blocks(), lastOnly: options.Logits == Positions.Last);
        var trace = session?.TakeTrace(options.CapturesToHost) ?? Trace.Empty;
        scope.MoveToOuter(trace.Values);
        return new ForwardResult(logits.MoveToOuterDisposeScope(), trace);
    }

    public void Dispose()
    {
        foreach (var tensor in weights.All.Values) tensor.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What one forward shows and changes.</summary>
public sealed record ForwardOptions
{
    /// <summary>The tensors to keep.</summary>
    public IReadOnlyList<Capture> Captures { get; init; } = [];

    /// <summary>The changes to make, in this order at each point.</summary>
    public IReadOnlyList<Intervention> Interventions { get; init; } = [];

    /// <summary>Values of mean and resample interventions.</summary>
    public InterventionData? InterventionData { get; init; }

    /// <summary>Positions whose logits are computed; null: all in a forward, the last in a prefill. Of all positions they are B·T·V numbers: 600 positions of
    /// LLaVA are 77 MB in float32, of Qwen2-VL 365 MB.</summary>
    public Positions? Logits { get; init; }

    /// <summary>Whether captures are handed out as float32 on the CPU (moved once, after the forward), or as they were.</summary>
    public bool CapturesToHost { get; init; } = true;

    /// <summary>Where keys and values are kept, for a caller that goes on from this forward by itself.</summary>
    public KeyValueCache? Cache { get; init; }
}

/// <summary>What one forward returns. The tensors belong to the caller's dispose scope; <see cref="Dispose"/> frees them earlier.</summary>
/// <param name="Logits">[B,T,V], or [B,1,V] when only the last position was requested; in the model's dtype, on its device.</param>
/// <param name="Trace">What was captured.</param>
public sealed record ForwardResult(Tensor Logits, Trace Trace) : IDisposable
{
    public void Dispose()
    {
        Logits.Dispose();
        Trace.Dispose();
    }
}
