using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vrp.Models.Checkpoints;

/// <summary>Finds stored values that are NaN, infinite, or beyond the range of the dtype they are converted to. All of these have magnitude bits (the value's
/// bits without the sign, as an integer) above a limit, so that one vector comparison finds them: about a tenth of the time of a load, on memory that was
/// copied a moment ago and still lies in the cache.</summary>
static class WeightRange
{
    /// <summary>Counts of one block, and the first of either kind (-1 if none).</summary>
    public readonly record struct Finding(long NonFinite, long Overflowing, long First);

    /// <summary>The largest magnitude bits of <paramref name="stored"/> that stay finite in <paramref name="target"/>; rounding is to nearest, so values
    /// short of half a step above the largest still fit. From float64, torch goes to the 16-bit types by way of float32, rounding twice.</summary>
    public static long Limit(StoredType stored, StoredType target)
    {
        var largest = (stored, target) switch
        {
            (_, StoredType.F16) => 65520,                                          // 65504 + half a step
            (StoredType.F32 or StoredType.F64, StoredType.BF16) => Math.ScaleB(2 - Math.ScaleB(1, -8), 127),
            (StoredType.F64, StoredType.F32) => Math.ScaleB(2 - Math.ScaleB(1, -24), 127),
            _ => double.PositiveInfinity,
        };
        var infinity = Infinity(stored);
        var bits = stored switch
        {
            _ when double.IsInfinity(largest) => infinity,
            StoredType.F64 when target != StoredType.F32 => BitConverter.DoubleToInt64Bits((largest + MathF.BitDecrement((float)largest)) / 2),
            StoredType.F64 => BitConverter.DoubleToInt64Bits(largest),
            StoredType.F32 => BitConverter.SingleToInt32Bits((float)largest),
            StoredType.BF16 => (BitConverter.SingleToInt32Bits((float)largest) + 0xffff) >> 16,  // up: the first bfloat16 that is not below
            _ => infinity,
        };
        return Math.Min(bits, infinity) - 1;
    }

    /// <summary>Whether a block of a floating type holds any value above the limit.</summary>
    public static bool Any(ReadOnlySpan<byte> block, StoredType type, long limit) => type switch
    {
        StoredType.F16 or StoredType.BF16 => AnyAbove(MemoryMarshal.Cast<byte, short>(block), short.MaxValue, (short)limit),
        StoredType.F32 => AnyAbove(MemoryMarshal.Cast<byte, int>(block), int.MaxValue, (int)limit),
        StoredType.F64 => AnyAbove(MemoryMarshal.Cast<byte, long>(block), long.MaxValue, limit),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a floating type"),
    };

    /// <summary>Counts them, one by one: for the message, once there are any.</summary>
    public static Finding Count(ReadOnlySpan<byte> block, StoredType type, long limit)
    {
        var size = StoredTypes.SizeOf(type);
        long infinity = Infinity(type), nonFinite = 0, overflowing = 0, first = -1;
        for (var i = 0; i < block.Length / size; i++)
        {
            var value = block.Slice(i * size, size);
            var magnitude = size switch
            {
                2 => MemoryMarshal.Read<short>(value) & short.MaxValue,
                4 => MemoryMarshal.Read<int>(value) & int.MaxValue,
                _ => MemoryMarshal.Read<long>(value) & long.MaxValue,
            };
            if (magnitude <= limit) continue;
            if (magnitude >= infinity) nonFinite++;
            else overflowing++;
            if (first < 0) first = i;
        }

        return new Finding(nonFinite, overflowing, first);
    }

    static long Infinity(StoredType type) => type switch
    {
        StoredType.F16 => 0x7c00,
        StoredType.BF16 => 0x7f80,
        StoredType.F32 => 0x7f800000,
        StoredType.F64 => 0x7ff0000000000000,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a floating type"),
    };

    // Optimised from the first call: a load is over before the runtime would recompile a loop that is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static bool AnyAbove<T>(ReadOnlySpan<T> values, T mask, T limit) where T : struct, IBinaryInteger<T>
    {
        var found = Vector<T>.Zero;
        Vector<T> masks = new(mask), limits = new(limit);
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        foreach (var vector in vectors) found |= Vector.GreaterThan(vector & masks, limits);
        foreach (var value in values[(vectors.Length * Vector<T>.Count)..])
            if ((value & mask) > limit) return true;
        return found != Vector<T>.Zero;
    }
}
