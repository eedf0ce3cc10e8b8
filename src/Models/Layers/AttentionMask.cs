using TorchSharp;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Which keys each query sees. <see cref="Additive"/> [B|1,1,T|1,S] is 0 where it sees and the dtype's lowest number where not (not -∞: a padded row
/// sees nothing, and its softmax must stay a number); null with <see cref="Causal"/> is the plain triangle over T = S, null without is everything.</summary>
/// <remarks>Worked examples, left padding _, queries down, keys across, x = seen:
/// <code>
/// causal _ab      full _ab      prefix ab, suffix cd
///   _ . . .         _ . x x       a x x . .
///   a . x .         a . x x       b x x . .
///   b . x x         b . x x       c x x x .
///                                 d x x x x
/// </code></remarks>
public readonly record struct AttentionMask(Tensor? Additive, bool Causal)
{
    /// <summary>Every query sees every key.</summary>
    public static AttentionMask None => new(null, false);

    /// <summary>The lowest finite number of a dtype (torch.finfo(dtype).min).</summary>
    public static float Lowest(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => -65504f,
        ScalarType.BFloat16 => -3.38953139e38f,
        _ => float.MinValue,
    };

    /// <summary>Causal attention over a prompt; padding is where <paramref name="attentionMask"/> is 0.</summary>
    /// <param name="attentionMask">1 for tokens, 0 for padding, [B,T].</param>
    public static AttentionMask CausalOver(long[,] attentionMask, ScalarType dtype, Device device) =>
        HasPadding(attentionMask) ? Build(attentionMask, (_, query, key) => key <= query, dtype, device) : new(null, true);

    /// <summary>Full attention over a prompt (PaliGemma): every token sees every token that is not padding.</summary>
    public static AttentionMask FullOver(long[,] attentionMask, ScalarType dtype, Device device) =>
        HasPadding(attentionMask) ? new(KeysOnly(attentionMask, attentionMask.GetLength(1), dtype, device), false) : None;

    /// <summary>Full attention within a prefix (token type 0), causal over the suffix (token type 1), as PaliGemma is trained.</summary>
    public static AttentionMask PrefixOver(long[,] attentionMask, long[,] tokenTypes, ScalarType dtype, Device device) =>
        Build(attentionMask, (row, query, key) => key <= query || (tokenTypes[row, key] == 0 && tokenTypes[row, query] == 0), dtype, device);

    /// <summary>For decoding: padding of the prompt hidden, all later positions up to <paramref name="capacity"/> seen, [B,1,1,capacity]; null without
    /// padding.</summary>
    public static Tensor? ForDecoding(long[,] attentionMask, int capacity, ScalarType dtype, Device device) =>
        HasPadding(attentionMask) ? KeysOnly(attentionMask, capacity, dtype, device) : null;

    /// <summary>What hides from the last <paramref name="queries"/> of <paramref name="keys"/> positions those after each, [T,S].</summary>
    internal static Tensor Triangle(long queries, long keys, ScalarType dtype, Device device) =>
        TensorArithmetic.Filled([queries, keys], Lowest(dtype), dtype, device).triu(keys - queries + 1);

    /// <summary>The first <paramref name="keys"/> columns.</summary>
    internal AttentionMask Narrow(long keys) => Additive is null ? this : new(Additive.narrow(-1, 0, keys), Causal);

    static bool HasPadding(long[,] attentionMask) => attentionMask.Cast<long>().Any(seen => seen == 0);

    static Tensor KeysOnly(long[,] attentionMask, int capacity, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        int rows = attentionMask.GetLength(0), length = attentionMask.GetLength(1);
        var values = new float[rows * capacity];
        for (var row = 0; row < rows; row++)
            for (var key = 0; key < length; key++)
                if (attentionMask[row, key] == 0) values[row * capacity + key] = Lowest(dtype);
        return tensor(values, [rows, 1, 1, capacity]).to(dtype).to(device).MoveToOuterDisposeScope();
    }

    static AttentionMask Build(long[,] attentionMask, Func<int, int, int, bool> sees, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        int rows = attentionMask.GetLength(0), length = attentionMask.GetLength(1);
        var values = new float[(long)rows * length * length];
        var hidden = Lowest(dtype);
        for (int row = 0, at = 0; row < rows; row++)
            for (var query = 0; query < length; query++)
                for (var key = 0; key < length; key++, at++)
                    if (attentionMask[row, key] == 0 || !sees(row, query, key)) values[at] = hidden;
        return new(tensor(values, [rows, 1, length, length]).to(dtype).to(device).MoveToOuterDisposeScope(), false);
    }
}
