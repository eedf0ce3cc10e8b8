using TorchSharp;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Rotary frequencies of a head: theta^(-2i/hd), and the tables they give at positions (transformers: LlamaRotaryEmbedding,
/// Qwen2VLRotaryEmbedding).</summary>
sealed class RotaryEmbedding : IDisposable
{
    readonly Tensor inv_freq;                                                           // float32[hd/2]
    readonly int[]? axisOfFrequency;

    /// <param name="headDim">Units of a head, hd.</param>
    /// <param name="theta">The config's rope_theta.</param>
    /// <param name="device">Where tables are wanted.</param>
    /// <param name="mropeSection">How many frequencies turn with each of the rows of position_ids [3,B,T]; null for positions of one axis [B,T].</param>
    public RotaryEmbedding(int headDim, double theta, Device device, IReadOnlyList<int>? mropeSection = null)
    {
        using var scope = NewDisposeScope();
        var frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = 1f / (float)Math.Pow(theta, 2f * i / headDim);
        inv_freq = tensor(frequencies).to(device).DetachFromDisposeScope();
        axisOfFrequency = mropeSection is null ? null : [.. mropeSection.SelectMany((size, axis) => Enumerable.Repeat(axis, size))];
    }

    /// <param name="positions">int64 [B,T], or [3,B,T] (time, height, width) with sections.</param>
    /// <param name="dtype">The queries' dtype; the angles themselves are computed in float32.</param>
    public RotaryTable Table(Tensor positions, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        if (positions.dim() != (axisOfFrequency is null ? 2 : 3))
            throw new ShapeException("rotary positions", axisOfFrequency is null ? "[B, T]" : "[3, B, T]", ShapeException.Text(positions));
        var freqs = positions.to(ScalarType.Float32).unsqueeze(-1) * inv_freq;          // [B,T,hd/2] or [3,B,T,hd/2]
        if (axisOfFrequency is not null) freqs = SelectSections(freqs);                 // [B,T,hd/2]
        var emb = cat([freqs, freqs], -1).unsqueeze(1);                                 // [B,1,T,hd]
        return new RotaryTable(emb.cos().to(dtype).MoveToOuterDisposeScope(), emb.sin().to(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>Positions in an image: half of a head's frequencies turn with the row, half with the column (transformers: VisionRotaryEmbedding).</summary>
    /// <param name="rows">int64 [patches]</param>
    /// <param name="columns">int64 [patches]</param>
    /// <param name="dtype">The queries' dtype.</param>
    /// <returns>Tables [1,1,patches,2·hd] for heads twice as wide as this embedding.</returns>
    public RotaryTable TwoDimensional(Tensor rows, Tensor columns, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor Angles(Tensor positions) => positions.to(inv_freq.device).to(ScalarType.Float32).unsqueeze(-1) * inv_freq;
        var freqs = cat([Angles(rows), Angles(columns)], -1);                           // [patches, hd]
        var emb = cat([freqs, freqs], -1).unsqueeze(0).unsqueeze(0);
        return new RotaryTable(emb.cos().to(dtype).MoveToOuterDisposeScope(), emb.sin().to(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>Each frequency takes its angle from its own axis (Qwen2-VL's multimodal rotary embedding, arXiv:2409.12191 §2.1).</summary>
    Tensor SelectSections(Tensor freqs)
    {
        var parts = new List<Tensor>();
        for (int start = 0, end; start < axisOfFrequency!.Length; start = end)
        {
            for (end = start; end < axisOfFrequency.Length && axisOfFrequency[end] == axisOfFrequency[start]; end++) ;
            parts.Add(freqs.select(0, axisOfFrequency[start]).narrow(-1, start, end - start));
        }
        return cat(parts, -1);
    }

    public void Dispose() => inv_freq.Dispose();
}

/// <summary>Cosines and sines by which heads are turned at each position: [B,1,T,hd] (B may be 1), in the dtype that the turning is computed in.</summary>
readonly record struct RotaryTable(Tensor Cos, Tensor Sin)
{
    /// <summary>x·cos + rotate_half(x)·sin, where rotate_half pairs unit i with unit i + hd/2 (transformers: apply_rotary_pos_emb; Su et al. 2021,
    /// arXiv:2104.09864).</summary>
    public Tensor Apply(Tensor x)                                                       // [B,H,T,hd]
    {
        using var scope = NewDisposeScope();
        long half = x.shape[^1] / 2;
        var rotated = cat([x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)], -1);
        var turned = (x * Cos).Plus(rotated * Sin);                                     // a float32 table widens a narrower x, as Qwen2-VL's vision tower does
        return (turned.dtype == x.dtype ? turned : turned.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
