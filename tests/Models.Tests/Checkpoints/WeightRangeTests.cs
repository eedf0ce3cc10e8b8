using FsCheck.Xunit;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Checkpoints;

/// <summary>The bit scan against torch's own conversion: a value is flagged exactly when torch's result is not finite.</summary>
public class WeightRangeTests
{
    public static TheoryData<StoredType, StoredType> Pairs()
    {
        var data = new TheoryData<StoredType, StoredType>();
        StoredType[] floating = [StoredType.F16, StoredType.BF16, StoredType.F32, StoredType.F64];
        foreach (var stored in floating)
            foreach (var target in floating) data.Add(stored, target);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Any_BitPatternsAroundEveryLimit_FlagsWhatTorchMakesNonFinite(StoredType stored, StoredType target)
    {
        using var scope = NewDisposeScope();
        var bytes = Patterns(stored);
        var size = StoredTypes.SizeOf(stored);
        var values = empty(bytes.Length / size, dtype: StoredTypes.ScalarType(stored));
        values.bytes = bytes;
        var finite = values.to(StoredTypes.ScalarType(target)).to(ScalarType.Float64).data<double>().ToArray().Select(double.IsFinite).ToArray();
        finite.Should().Contain(true).And.Contain(false);
        var limit = WeightRange.Limit(stored, target);

        for (var i = 0; i < finite.Length; i++)
            WeightRange.Any(bytes.AsSpan(i * size, size), stored, limit).Should()
                .Be(!finite[i], "{0} to {1}, pattern {2}", stored, target, Convert.ToHexString(bytes.AsSpan(i * size, size)));
        var all = WeightRange.Count(bytes, stored, limit);
        (all.NonFinite + all.Overflowing).Should().Be(finite.Count(f => !f));
        all.First.Should().Be(Array.IndexOf(finite, false));
    }

    /// <summary>Whatever the length of the block and the place in it: inside of a vector, in the last partial one, at either end.</summary>
    [Property(MaxTest = 300)]
    public bool Any_OneBadValueAnywhere_IsFound(ushort length, ushort at)
    {
        int count = length % 300 + 1, bad = at % count;
        var halves = Enumerable.Repeat((Half)1, count).ToArray();
        var floats = Enumerable.Repeat(-1f, count).ToArray();
        var clean = !Any(halves, StoredType.F16) && !Any(floats, StoredType.F32);
        halves[bad] = Half.NegativeInfinity;
        floats[bad] = float.NaN;
        return clean && Any(halves, StoredType.F16) && Any(floats, StoredType.F32);
    }

    static bool Any<T>(T[] values, StoredType type) where T : unmanaged =>
        WeightRange.Any(System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(values), type, WeightRange.Limit(type, type));

    /// <summary>All 65,536 patterns of a 16-bit type; of a wider one those near the largest values of each type, both signs, infinities, NaNs and random
    /// ones.</summary>
    static byte[] Patterns(StoredType type)
    {
        if (StoredTypes.SizeOf(type) == 2) return [.. Enumerable.Range(0, 65536).SelectMany(i => BitConverter.GetBytes((ushort)i))];
        double[] edges = [0, 1, 65504, 65519.99, 65520, 65536, 3.3895313892515355e38, 3.396e38, float.MaxValue, 3.4028235677973366e38, double.MaxValue,
            double.PositiveInfinity, double.NaN];
        var random = new Random(7);
        if (type == StoredType.F32)
            return [.. edges.SelectMany(e => Enumerable.Range(-3, 7).Select(step => BitConverter.SingleToInt32Bits((float)e) + step))
                .Concat(Enumerable.Range(0, 2000).Select(_ => random.Next(int.MinValue, int.MaxValue)))
                .SelectMany(bits => BitConverter.GetBytes(bits).Concat(BitConverter.GetBytes(bits ^ int.MinValue)))];
        return [.. edges.SelectMany(e => Enumerable.Range(-3, 7).Select(step => BitConverter.DoubleToInt64Bits(e) + step))
            .Concat(Enumerable.Range(0, 2000).Select(_ => random.NextInt64(long.MinValue, long.MaxValue)))
            .SelectMany(bits => BitConverter.GetBytes(bits).Concat(BitConverter.GetBytes(bits ^ long.MinValue)))];
    }
}
