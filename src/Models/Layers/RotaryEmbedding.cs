using TorchSharp;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Rotary frequencies of a head: theta^(-2i/hd), and the tables they give at positions (transformers: LlamaRotaryEmbedding,
/// Qwen2VLRotaryEmbedding).</summary>
/// <param name="headDim">Units of a head, hd.</param>
/// <param name="theta">The config's rope_theta.</param>
/// <param name="mropeSection">How many frequencies turn with each of the rows of position_ids [3,B,T]; null for positions of one axis [B,T].</param>
/// <remarks>Nothing is computed before the first table: a constructor may run before the weights are there, with sizes that they do not have.</remarks>
sealed class RotaryEmbedding(int headDim, double theta, IReadOnlyList<int>? mropeSection = null)
{
    // [hd/2]
    readonly Lazy<float[]> frequencies = new(() => [.. Enumerable.Range(0, headDim / 2).Select(i => 1f / (float)Math.Pow(theta, 2f * i / headDim))]);

    /// <param name="positions">int64 [B,T], or [3,B,T] (time, height, width) with sections.</param>
    /// <param name="dtype">The queries' dtype; the angles themselves are computed in float32.</param>
    public RotaryTable Table(Tensor positions, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        if (positions.dim() != (mropeSection is null ? 2 : 3))
            throw new ShapeException("rotary positions", mropeSection is null ? "[B, T]" : "[3, B, T]", ShapeException.Text(positions));
        var freqs = positions.to(ScalarType.Float32).unsqueeze(-1) * Frequencies(positions.device);    // [B,T,hd/2] or [3,B,T,hd/2]
        if (mropeSection is not null) freqs = SelectSections(freqs, mropeSection);                // [B,T,hd/2]
        var emb = cat([freqs, freqs], -1).unsqueeze(1);                                 // [B,1,T,hd]
        return new RotaryTable(emb.cos().to(dtype).MoveToOuterDisposeScope(), emb.sin().to(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>Positions in an image: half of a head's frequencies turn with the row, half with the column (transformers: VisionRotaryEmbedding).</summary>
    /// <param name="rows">int64 [patches]</param>
    /// <param name="columns">int64 [patches]</param>
    /// <param name="dtype">The queries' dtype.</param>
    /// <param name="device">Where the table is wanted.</param>
    /// <returns>Tables [1,1,patches,2·hd] for heads twice as wide as this embedding.</returns>
    public RotaryTable TwoDimensional(Tensor rows, Tensor columns, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor Angles(Tensor positions) => positions.to(device).to(ScalarType.Float32).unsqueeze(-1) * Frequencies(device);
        var freqs = cat([Angles(rows), Angles(columns)], -1);                           // [patches, hd]
        var emb = cat([freqs, freqs], -1).unsqueeze(0).unsqueeze(0);
        return new RotaryTable(emb.cos().to(dtype).MoveToOuterDisposeScope(), emb.sin().to(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>Each frequency takes its angle from its own axis (Qwen2-VL's multimodal rotary embedding, arXiv:2409.12191 §2.1).</summary>
    static Tensor SelectSections(Tensor freqs, IReadOnlyList<int> sections)
    {
        var parts = new List<Tensor>();
        for (int axis = 0, start = 0; axis < sections.Count; start += sections[axis++])
            if (sections[axis] > 0) parts.Add(freqs.select(0, axis).narrow(-1, start, sections[axis]));
        return cat(parts, -1);
    }

    Tensor Frequencies(Device device) => tensor(frequencies.Value).to(device);           // float32 [hd/2]
}

/// <summary>Cosines and sines by which heads are turned at each position: [B,1,T,hd] (B may be 1), in the dtype that the turning is computed in.</summary>
readonly record struct RotaryTable(Tensor Cos, Tensor Sin)
{
    /// <summary>x·cos + rotate_half(x)·sin, where rotate_half pairs unit i with unit i + hd/2 (transformers: apply_rotary_pos_emb; Su et al. 2021,
    /// arXiv:2104.09864).</summary>
    public Tensor Apply(Tensor x)                                                       // [B,H,T,hd]
    {
        using var scope = NewDisposeScope();
        var half = x.shape[^1] / 2;
        var rotated = cat([x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)], -1);
        var turned = (x * Cos).Plus(rotated * Sin);                                     // a float32 table widens a narrower x, as Qwen2-VL's vision tower does
        return (turned.dtype == x.dtype ? turned : turned.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
