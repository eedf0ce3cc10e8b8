using TorchSharp;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Keys and values of the positions read so far, allocated once at full capacity: [B,Hkv,capacity,hd] per layer. <see cref="Fork"/> lets several
/// continuations share one prompt's entries: they are read in place, not repeated and not recomputed.</summary>
public sealed class KeyValueCache : IDisposable
{
    readonly Tensor[] keys, values;
    readonly KeyValueCache? prefix;

    public KeyValueCache(int layers, long batch, long keyValueHeads, long headDim, int capacity, ScalarType dtype, Device device)
        : this(layers, batch, keyValueHeads, headDim, capacity, dtype, device, null) { }

    KeyValueCache(int layers, long batch, long keyValueHeads, long headDim, int capacity, ScalarType dtype, Device device, KeyValueCache? prefix)
    {
        using var scope = NewDisposeScope();
        Tensor Allocate() => empty([batch, keyValueHeads, capacity, headDim], dtype: dtype, device: device).DetachFromDisposeScope();
        (keys, values) = (new Tensor[layers], new Tensor[layers]);
        for (int i = 0; i < layers; i++) (keys[i], values[i]) = (Allocate(), Allocate());
        (Capacity, this.prefix) = (capacity, prefix);
    }

    /// <summary>Positions held of its own, without those of a shared prefix.</summary>
    public int Length { get; private set; }

    /// <summary>Positions there is room for.</summary>
    public int Capacity { get; }

    /// <summary>An empty cache of <paramref name="samples"/> rows per row of this one, all of which continue from what this one holds.</summary>
    public KeyValueCache Fork(int samples, int capacity)
    {
        if (prefix is not null) throw new InvalidOperationException("A forked cache cannot be forked again; fork the prompt's.");
        var k = keys[0];
        return new KeyValueCache(keys.Length, k.shape[0] * samples, k.shape[1], k.shape[3], capacity, k.dtype, k.device, this);
    }

    /// <summary>Blocks whose new position is here already: a restart may begin at any up to this one.</summary>
    internal int HoldsBelow { get; private set; }

    /// <summary>Of a fork whose prefix was truncated by one: takes that position's entries of the first <paramref name="blocks"/> blocks over, for all
    /// continuations, as they were; the restart that
    /// follows appends the other blocks' own.</summary>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="copy">False where nothing will be read after that position, so that nothing looks at those entries.</param>
    internal void TakeLastOfPrefix(int blocks, bool copy)
    {
        HoldsBelow = blocks;
        if (!copy) return;
        using var scope = NewDisposeScope();
        long samples = keys[0].shape[0] / prefix!.keys[0].shape[0];
        for (int i = 0; i < blocks; i++)
        {
            keys[i].narrow(2, 0, 1).copy_(prefix.keys[i].narrow(2, prefix.Length, 1).repeat_interleave(samples, 0));
            values[i].narrow(2, 0, 1).copy_(prefix.values[i].narrow(2, prefix.Length, 1).repeat_interleave(samples, 0));
        }
    }

    /// <summary>Forgets all positions from <paramref name="length"/> on.</summary>
    public void Truncate(int length) => Length = length <= Length ? length
        : throw new ArgumentOutOfRangeException(nameof(length), length, $"The cache holds {Length} positions.");

    internal Layer this[int layer] => new(this, layer);

    /// <summary>Called once all layers have appended.</summary>
    internal void Advance(int positions) => (Length, HoldsBelow) = (Length + positions, 0);

    public void Dispose()
    {
        foreach (var tensor in keys) tensor.Dispose();
        foreach (var tensor in values) tensor.Dispose();
    }

    /// <summary>One layer's part.</summary>
    internal sealed class Layer(KeyValueCache cache, int layer)
    {
        public bool SharesPrefix => cache.prefix is not null;

        /// <summary>Stores keys and values [B,Hkv,T,hd] of new positions; returns those of all positions [B,Hkv,S,hd], views into the cache.</summary>
        public (Tensor Keys, Tensor Values) Append(Tensor k, Tensor v)
        {
            long count = k.shape[2], length = cache.Length;
            if (length + count > cache.Capacity)
                throw new ShapeException("key/value cache", $"at most {cache.Capacity} positions", $"{length} held and {count} more");
            cache.keys[layer].narrow(2, length, count).copy_(k);
            cache.values[layer].narrow(2, length, count).copy_(v);
            return (cache.keys[layer].narrow(2, 0, length + count), cache.values[layer].narrow(2, 0, length + count));
        }

        /// <summary>One new position per continuation. The prefix's keys are multiplied once per prompt, with the queries of all of its continuations as rows,
        /// then one softmax runs over prefix and own positions together.</summary>
        /// <param name="q">[B·K,H,1,hd] for K continuations of each of B prompts</param>
        /// <param name="k">[B·K,Hkv,1,hd]</param>
        /// <param name="v">[B·K,Hkv,1,hd]</param>
        /// <param name="mask">Over the prefix's positions, [B,1,1,≥P] or none.</param>
        /// <param name="pattern">The map's hook point, which decoding from a shared prefix cannot show.</param>
        /// <returns>[B·K,H,1,hd]</returns>
        public Tensor AttendWithPrefix(Tensor q, Tensor k, Tensor v, AttentionMask mask, HookPoint pattern)
        {
            if (pattern.Need != HookNeed.None)
                throw new HookException($"{pattern.Name} cannot be changed while several samples share one prompt. Draw one sample at a time, "
                    + "or intervene at attn.z.");
            if (q.shape[2] != 1) throw new ShapeException("attention with a shared prefix", "one new position", ShapeException.Text(q));

            var shared = cache.prefix!;
            long prompts = shared.keys[layer].shape[0], rows = q.shape[0], samples = rows / prompts, heads = q.shape[1], groups = k.shape[1],
                group = heads / groups, hd = q.shape[3], p = shared.Length;
            var prefixKeys = shared.keys[layer].narrow(2, 0, p);                         // [B,Hkv,P,hd]
            var prefixValues = shared.values[layer].narrow(2, 0, p);
            var (ownKeys, ownValues) = Append(k, v);                                     // [B·K,Hkv,S,hd]
            long own = ownKeys.shape[2];

            // Rows (prompt, sample, group, head in group) become, per prompt and group, samples × heads rows, and back.
            Tensor PerPrompt(Tensor x) => x.view(prompts, samples, groups, group, x.shape[^1]).permute(0, 2, 1, 3, 4)
                .reshape(prompts, groups, samples * group, x.shape[^1]);
            Tensor PerSample(Tensor x) => x.view(prompts, groups, samples, group, x.shape[^1]).permute(0, 2, 1, 3, 4).reshape(rows, groups, group, x.shape[^1]);

            var queries = q.reshape(rows, groups, group, hd).Times(1 / Math.Sqrt(hd));
            var prefixScores = matmul(PerPrompt(queries), prefixKeys.transpose(-1, -2)); // [B,Hkv,K·G,P]
            if (mask.Additive is { } additive) prefixScores = prefixScores.PlusInPlace(additive.narrow(-1, 0, p));
            var ownScores = matmul(queries, ownKeys.transpose(-1, -2));                  // [B·K,Hkv,G,S]
            var probabilities = ScaledAttention.Softmax(cat([PerSample(prefixScores), ownScores], -1));
            var fromPrefix = PerSample(matmul(PerPrompt(probabilities.narrow(-1, 0, p)), prefixValues));
            var fromOwn = matmul(probabilities.narrow(-1, p, own), ownValues);
            return fromPrefix.Plus(fromOwn).reshape(rows, heads, 1, hd);
        }
    }
}
