using TorchSharp;
using Vrp.Models.Hooks;
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

    /// <summary>Three levels, each row map uneven and out of order: one softmax over all of what a row continues from and its own positions.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void AttendWithPrefix_PartsOfParts_EqualsAttentionOverTheWholeRow(int queries)
    {
        using var scope = NewDisposeScope();
        var hooks = new HookRegistry();
        var pattern = hooks.Root.Point("pattern", unitAxis: 1);
        const int Groups = 2, Heads = 4, Width = 4;
        int[] imageOf = [1, 0, 1, 1], questionOf = [3, 0, 0, 2, 1];
        using var generator = new Generator(5);
        Tensor Random(params long[] shape) => randn(shape, generator: generator);
        using var images = new KeyValueCache(1, 2, Groups, Width, 3, ScalarType.Float32, CPU);
        using var questions = images.Continue(imageOf, 2);
        using var answers = questions.Continue(questionOf, queries);
        var (k, v) = (new List<Tensor>(), new List<Tensor>());
        foreach (var (cache, rows, length) in ((KeyValueCache, int, int)[])[(images, 2, 3), (questions, 4, 2)])
        {
            k.Add(Random(rows, Groups, length, Width));
            v.Add(Random(rows, Groups, length, Width));
            cache[0].Append(k[^1], v[^1]);
            cache.Advance(length);
        }
        var (q, ownKeys, ownValues) = (Random(5, Heads, queries, Width), Random(5, Groups, queries, Width), Random(5, Groups, queries, Width));

        var attended = answers[0].AttendWithPrefix(q, ownKeys, ownValues, new AttentionMask(null, true), pattern);

        for (var row = 0; row < 5; row++)
        {
            Tensor Whole(List<Tensor> parts, Tensor own) =>
                cat([parts[0][imageOf[questionOf[row]]], parts[1][questionOf[row]], own[row]], 1).unsqueeze(0);
            var expected = ScaledAttention.Forward(q[row].unsqueeze(0), Whole(k, ownKeys), Whole(v, ownValues),
                new AttentionMask(AttentionMask.Triangle(queries, 5 + queries, ScalarType.Float32, CPU), false), pattern);
            attended[row].unsqueeze(0).ShouldEqual(expected, 1e-5, $"row {row}");
        }
    }
}
