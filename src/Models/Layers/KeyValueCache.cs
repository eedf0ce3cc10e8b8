using TorchSharp;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Keys and values of the positions read so far, allocated once at full capacity: [B,Hkv,capacity,hd] per layer. Rows of another cache may continue
/// from what this one holds (<see cref="Continue"/>, <see cref="Fork"/>), and rows of a third from theirs: an image, its questions, their samples. What is
/// shared is read in place, neither repeated nor computed again.</summary>
public sealed class KeyValueCache : IDisposable
{
    readonly Tensor[] keys, values;
    readonly (KeyValueCache Cache, RowMap Rows)[] shared;                                // from the first positions on
    readonly int firstLayer;
    Tensor? hidden;

    public KeyValueCache(int layers, long batch, long keyValueHeads, long headDim, int capacity, ScalarType dtype, Device device)
        : this(layers, batch, keyValueHeads, headDim, capacity, dtype, device, [], 0) { }

    internal KeyValueCache(int layers, long batch, long keyValueHeads, long headDim, int capacity, ScalarType dtype, Device device,
        (KeyValueCache, RowMap)[] shared, int firstLayer)
    {
        using var scope = NewDisposeScope();
        Tensor Allocate(int layer) =>
            empty([batch, keyValueHeads, layer < firstLayer ? 0 : capacity, headDim], dtype: dtype, device: device).DetachFromDisposeScope();
        (keys, values) = (new Tensor[layers], new Tensor[layers]);
        for (var i = 0; i < layers; i++) (keys[i], values[i]) = (Allocate(i), Allocate(i));
        (Capacity, this.shared, this.firstLayer) = (capacity, shared, firstLayer);
    }

    /// <summary>Positions held of its own, without those of a shared prefix.</summary>
    public int Length { get; private set; }

    /// <summary>Positions there is room for.</summary>
    public int Capacity { get; }

    /// <summary>What hides this cache's padding from every query that reads it, [B,1,1,capacity], added to the scores; null without padding. Once set, the
    /// cache's own.</summary>
    internal Tensor? Hidden
    {
        get => hidden;
        set => hidden = value?.DetachFromDisposeScope();
    }

    /// <summary>An empty cache of <paramref name="samples"/> rows per row of this one, all of which continue from what this one holds.</summary>
    public KeyValueCache Fork(int samples, int capacity) =>
        Continue([.. Enumerable.Range(0, (int)keys[0].shape[0] * samples).Select(row => row / samples)], capacity);

    /// <summary>An empty cache whose rows continue from what rows of this one hold, in turn after what those continue from.</summary>
    /// <param name="rowOf">For each new row, which row of this cache; any order, any number of each.</param>
    /// <param name="capacity">Positions of its own.</param>
    internal KeyValueCache Continue(IReadOnlyList<int> rowOf, int capacity)
    {
        var k = keys[0];
        (KeyValueCache, RowMap)[] parts = [.. shared.Select(part => (part.Cache, new RowMap([.. rowOf.Select(row => part.Rows.PartOf[row])],
            (int)part.Cache.keys[0].shape[0], k.device))), (this, new RowMap(rowOf, (int)k.shape[0], k.device))];
        return new KeyValueCache(keys.Length, rowOf.Count, k.shape[1], k.shape[3], capacity, k.dtype, k.device, parts, firstLayer);
    }

    /// <summary>The blocks that a pass over new positions may begin at: up to the one given below which they are here already, and not below those that are
    /// held at all.</summary>
    internal void CheckStart(int layer)
    {
        if (layer > Math.Max(HoldsBelow, firstLayer) || layer < firstLayer)
            throw new ArgumentException($"The pass begins at block {layer}; a cache needs all blocks, and this one holds the new position's entries below "
                + $"block {HoldsBelow} and none below block {firstLayer}.", nameof(layer));
    }

    /// <summary>Blocks whose new position is here already: a restart may begin at any up to this one.</summary>
    int HoldsBelow { get; set; }

    /// <summary>Of a fork whose prefix was truncated by one: takes that position's entries of the first <paramref name="blocks"/> blocks over, for all
    /// continuations, as they were; the restart that follows appends the other blocks' own.</summary>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="copy">False where nothing will be read after that position, so that nothing looks at those entries.</param>
    internal void TakeLastOfPrefix(int blocks, bool copy)
    {
        HoldsBelow = blocks;
        if (!copy) return;
        using var scope = NewDisposeScope();
        var prompt = shared[^1].Cache;
        var samples = keys[0].shape[0] / prompt.keys[0].shape[0];
        for (var i = 0; i < blocks; i++)
        {
            keys[i].narrow(2, 0, 1).copy_(prompt.keys[i].narrow(2, prompt.Length, 1).repeat_interleave(samples, 0));
            values[i].narrow(2, 0, 1).copy_(prompt.values[i].narrow(2, prompt.Length, 1).repeat_interleave(samples, 0));
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
        foreach (var (_, rows) in shared) rows.Dispose();
        hidden?.Dispose();
    }

    /// <summary>One layer's part.</summary>
    internal sealed class Layer(KeyValueCache cache, int layer)
    {
        public bool SharesPrefix => cache.shared.Length > 0;

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

        /// <summary>Attention over shared parts and own positions, under one softmax. A shared part's keys and values are multiplied once, with the queries of
        /// all rows that continue from it as rows of one product.</summary>
        /// <param name="q">[R,H,T,hd]</param>
        /// <param name="k">[R,Hkv,T,hd]</param>
        /// <param name="v">[R,Hkv,T,hd]</param>
        /// <param name="mask">Over the own positions, those of before and the T new ones: shared parts hide their padding themselves.</param>
        /// <param name="pattern">The map's hook point: the last query's row is shown, over all parts from the first on. Nothing can be changed there.</param>
        /// <returns>[R,H,T,hd]</returns>
        public Tensor AttendWithPrefix(Tensor q, Tensor k, Tensor v, AttentionMask mask, HookPoint pattern)
        {
            var need = pattern.Need;
            if (need == HookNeed.Everything)
                throw new HookException($"{pattern.Name} cannot be changed, nor shown of all positions, while several rows share what they continue "
                    + "from. Read the prompts without sharing and draw one sample at a time, or intervene at attn.z.");

            long rows = q.shape[0], heads = q.shape[1], queries = q.shape[2], groups = k.shape[1], group = heads / groups, hd = q.shape[3];
            var (ownKeys, ownValues) = Append(k, v);                                     // [R,Hkv,S,hd]
            var own = ownKeys.shape[2];
            var scaled = q.reshape(rows, groups, group * queries, hd).Times(1 / Math.Sqrt(hd));

            (KeyValueCache Cache, RowMap Rows)[] parts = [.. cache.shared.Where(part => part.Cache.Length > 0)];
            var scores = new List<Tensor>();
            foreach (var (part, map) in parts)
            {
                var products = matmul(map.Together(scaled), part.keys[layer].narrow(2, 0, part.Length).transpose(-1, -2));   // [P,Hkv,most·G·T,S]
                if (part.Hidden is { } padding) products = products.PlusInPlace(padding.narrow(-1, 0, part.Length));
                scores.Add(map.Apart(products));                                         // [R,Hkv,G·T,S]
            }
            scores.Add(OwnScores(scaled, ownKeys, mask.Narrow(own), heads, queries).reshape(rows, groups, group * queries, own));

            var probabilities = ScaledAttention.Softmax(cat(scores, -1));
            if (need == HookNeed.LastPosition)
                pattern.At(probabilities.view(rows, heads, queries, -1).narrow(2, queries - 1, 1));
            var at = probabilities.shape[^1] - own;
            var attended = matmul(probabilities.narrow(-1, at, own), ownValues);
            foreach (var (part, map) in parts.Reverse())
            {
                at -= part.Length;
                var values = part.values[layer].narrow(2, 0, part.Length);
                attended = attended.PlusInPlace(map.Apart(matmul(map.Together(probabilities.narrow(-1, at, part.Length)), values)));
            }
            return attended.reshape(rows, heads, queries, hd);
        }

        static Tensor OwnScores(Tensor scaled, Tensor keys, AttentionMask mask, long heads, long queries)
        {
            var own = keys.shape[2];
            var scores = matmul(scaled, keys.transpose(-1, -2)).view(scaled.shape[0], heads, queries, own);
            if (mask.Additive is { } additive) return scores.PlusInPlace(additive);
            return mask.Causal && queries > 1 ? scores.PlusInPlace(AttentionMask.Triangle(queries, own, scores.dtype, scores.device)) : scores;
        }
    }
}

/// <summary>Which of several shared parts each row of a batch continues from: brings the rows of one part together, so that one product serves them all, and
/// apart again. Where parts have different numbers of rows, the shorter ones are filled up with copies of the first row, which nothing reads back.</summary>
sealed class RowMap : IDisposable
{
    readonly int parts, most;
    readonly Tensor? gather, scatter;                                                    // null: every part has as many rows, next to each other

    /// <param name="partOf">Each row's part.</param>
    /// <param name="parts">How many there are; some may have no row.</param>
    /// <param name="device">Of the tensors to be arranged.</param>
    public RowMap(IReadOnlyList<int> partOf, int parts, Device device)
    {
        (PartOf, this.parts) = (partOf, parts);
        var counts = new int[parts];
        foreach (var part in partOf) counts[part]++;
        most = counts.Max();
        if (partOf.Count == parts * most && partOf.Select((part, row) => part == row / most).All(inOrder => inOrder)) return;

        Array.Clear(counts);
        var (from, to) = (new long[parts * most], new long[partOf.Count]);
        for (var row = 0; row < partOf.Count; row++)
        {
            var place = partOf[row] * most + counts[partOf[row]]++;
            (from[place], to[row]) = (row, place);
        }
        using var scope = NewDisposeScope();
        (gather, scatter) = (tensor(from).to(device).DetachFromDisposeScope(), tensor(to).to(device).DetachFromDisposeScope());
    }

    /// <summary>Each row's part.</summary>
    public IReadOnlyList<int> PartOf { get; }

    /// <summary>x [R,G,n,m] → [parts,G,most·n,m]</summary>
    public Tensor Together(Tensor x)
    {
        long groups = x.shape[1], n = x.shape[2], m = x.shape[3];
        if (gather is not null) x = x.index_select(0, gather);
        return most == 1 ? x : x.reshape(parts, most, groups, n, m).transpose(1, 2).reshape(parts, groups, most * n, m);
    }

    /// <summary>The way back: [parts,G,most·n,m] → [R,G,n,m]</summary>
    public Tensor Apart(Tensor x)
    {
        long groups = x.shape[1], n = x.shape[2] / most, m = x.shape[3];
        if (most > 1) x = x.view(parts, groups, most, n, m).transpose(1, 2).reshape(parts * most, groups, n, m);
        return scatter is null ? x : x.index_select(0, scatter);
    }

    public void Dispose()
    {
        gather?.Dispose();
        scatter?.Dispose();
    }
}
