using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

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
