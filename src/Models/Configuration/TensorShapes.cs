using System.Collections;

namespace Vrp.Models.Configuration;

/// <summary>Names (the hub's) and shapes of the tensors that a config implies: what a checkpoint of it must hold, no more and no less.</summary>
public sealed class TensorShapes : IReadOnlyDictionary<string, long[]>
{
    readonly Dictionary<string, long[]> shapes = new(StringComparer.Ordinal);

    internal void Add(string name, params long[] shape)
    {
        if (Array.Exists(shape, size => size <= 0))
            throw new UnsupportedConfigException($"The config gives tensor '{name}' the shape [{string.Join(", ", shape)}]; expected positive sizes. "
                + "Correct config.json or download it again.");
        shapes.Add(name, shape);
    }

    /// <summary>A torch.nn.Linear: weight [outputs, inputs] and, where asked for, bias [outputs].</summary>
    internal void AddLinear(string name, long outputs, long inputs, bool bias)
    {
        Add($"{name}.weight", outputs, inputs);
        if (bias) Add($"{name}.bias", outputs);
    }

    /// <summary>A torch.nn.LayerNorm over the last dimension.</summary>
    internal void AddLayerNorm(string name, long size)
    {
        Add($"{name}.weight", size);
        Add($"{name}.bias", size);
    }

    /// <summary>One block of LLaMA, Gemma or Qwen2 (transformers: *DecoderLayer). <paramref name="attentionBias"/> is for q, k and v.</summary>
    internal void AddDecoderLayer(string name, ITextConfig c, bool attentionBias, bool outputBias, bool mlpBias)
    {
        AddLinear($"{name}.self_attn.q_proj", (long)c.NumAttentionHeads * c.HeadDim, c.HiddenSize, attentionBias);
        AddLinear($"{name}.self_attn.k_proj", (long)c.NumKeyValueHeads * c.HeadDim, c.HiddenSize, attentionBias);
        AddLinear($"{name}.self_attn.v_proj", (long)c.NumKeyValueHeads * c.HeadDim, c.HiddenSize, attentionBias);
        AddLinear($"{name}.self_attn.o_proj", c.HiddenSize, (long)c.NumAttentionHeads * c.HeadDim, outputBias);
        AddLinear($"{name}.mlp.gate_proj", c.IntermediateSize, c.HiddenSize, mlpBias);
        AddLinear($"{name}.mlp.up_proj", c.IntermediateSize, c.HiddenSize, mlpBias);
        AddLinear($"{name}.mlp.down_proj", c.HiddenSize, c.IntermediateSize, mlpBias);
        Add($"{name}.input_layernorm.weight", c.HiddenSize);
        Add($"{name}.post_attention_layernorm.weight", c.HiddenSize);
    }

    /// <summary>One block of CLIP's or SigLIP's vision tower (transformers: CLIPEncoderLayer, SiglipEncoderLayer).</summary>
    internal void AddVisionEncoderLayer(string name, long hiddenSize, long intermediateSize)
    {
        foreach (string projection in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            AddLinear($"{name}.self_attn.{projection}", hiddenSize, hiddenSize, bias: true);
        AddLayerNorm($"{name}.layer_norm1", hiddenSize);
        AddLinear($"{name}.mlp.fc1", intermediateSize, hiddenSize, bias: true);
        AddLinear($"{name}.mlp.fc2", hiddenSize, intermediateSize, bias: true);
        AddLayerNorm($"{name}.layer_norm2", hiddenSize);
    }

    public long[] this[string name] => shapes[name];
    public IEnumerable<string> Keys => shapes.Keys;
    public IEnumerable<long[]> Values => shapes.Values;
    public int Count => shapes.Count;
    public bool ContainsKey(string name) => shapes.ContainsKey(name);
    public bool TryGetValue(string name, out long[] shape) => shapes.TryGetValue(name, out shape!);
    public IEnumerator<KeyValuePair<string, long[]>> GetEnumerator() => shapes.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
