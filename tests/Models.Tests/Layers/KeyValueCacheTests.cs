using TorchSharp;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Layers;

public sealed class KeyValueCacheTests
{
    [Fact]
    public void Append_InSteps_HoldsAllPositionsInOrder()
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(1, 2, 3, 4, capacity: 5, ScalarType.Float32, CPU);
        var (k, v) = (randn(2, 3, 5, 4), randn(2, 3, 5, 4));

        cache[0].Append(k.narrow(2, 0, 3), v.narrow(2, 0, 3));
        cache.Advance(3);
        var (keys, values) = cache[0].Append(k.narrow(2, 3, 2), v.narrow(2, 3, 2));
        cache.Advance(2);

        keys.ShouldEqual(k, 0, "keys");
        values.ShouldEqual(v, 0, "values");
        cache.Length.Should().Be(5);
    }

    [Fact]
    public void Append_BeyondCapacity_Throws()
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(1, 1, 1, 4, capacity: 2, ScalarType.Float32, CPU);

        var append = () => cache[0].Append(randn(1, 1, 3, 4), randn(1, 1, 3, 4));

        append.Should().Throw<ShapeException>().WithMessage("key/value cache: expected at most 2 positions*");
    }

    [Fact]
    public void Truncate_BeyondLength_Throws()
    {
        using var cache = new KeyValueCache(1, 1, 1, 4, capacity: 2, ScalarType.Float32, CPU);

        var truncate = () => cache.Truncate(1);

        truncate.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Fork_OfAFork_Throws()
    {
        using var cache = new KeyValueCache(1, 1, 1, 4, capacity: 2, ScalarType.Float32, CPU);
        using var fork = cache.Fork(3, 2);

        var again = () => fork.Fork(2, 2);

        again.Should().Throw<InvalidOperationException>();
    }
}
