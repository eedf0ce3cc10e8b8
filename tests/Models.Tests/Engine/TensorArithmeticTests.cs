using TorchSharp;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Engine;

/// <summary>Each operation against the same one written out, in floating and whole types.</summary>
public sealed class TensorArithmeticTests
{
    static readonly float[] Values = [-2, -0.5f, 0, 3];

    public static TheoryData<string, Func<Tensor, Tensor>, Func<float, float>> Operations() => new()
    {
        { "plus", x => x.Plus(0.5), v => v + 0.5f }, { "minus", x => x.Minus(0.5), v => v - 0.5f }, { "times", x => x.Times(3), v => v * 3 },
            { "over", x => x.Over(4), v => v / 4 },
        { "squared", x => x.Squared(), v => v * v }, { "at most", x => x.AtMost(1), v => Math.Min(v, 1) }, { "plus itself", x => x.Plus(x), v => v + v },
        { "plus twice itself", x => x.Plus(x, 2), v => 3 * v },
            { "in place", x => x.clone().PlusInPlace(x, -0.5).PlusInPlace(1).TimesInPlace(2), v => (v * 0.5f + 1) * 2 },
        { "product", x => x.clone().PlusProductInPlace(x, x, 2), v => v + 2 * v * v }, { "fill", x => x.clone().FillInPlace(7), _ => 7 },
        { "masked", x => x.Masked(x.IsAbove(0), double.NegativeInfinity), v => v > 0 ? float.NegativeInfinity : v },
    };

    [Theory, MemberData(nameof(Operations), DisableDiscoveryEnumeration = true)]
    public void Operation_OnFloats_EqualsThePlainOne(string name, Func<Tensor, Tensor> operation, Func<float, float> expected)
    {
        using var scope = NewDisposeScope();

        operation(tensor(Values)).data<float>().ToArray().Should().Equal(Values.Select(expected), name);
    }

    [Fact]
    public void WholeNumbers_OnIntegers_StayIntegers()
    {
        using var scope = NewDisposeScope();
        var x = TensorArithmetic.Count(3, 4);

        x.data<long>().ToArray().Should().Equal(3, 4, 5, 6);
        x.Plus(1).dtype.Should().Be(ScalarType.Int64);
        x.Times(2).data<long>().ToArray().Should().Equal(6, 8, 10, 12);
        x.Over(2).dtype.Should().Be(ScalarType.Float32);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16), InlineData(ScalarType.Float16), InlineData(ScalarType.Float64)]
    public void Filled_AnyType_HoldsTheNumber(ScalarType dtype)
    {
        using var scope = NewDisposeScope();

        TensorArithmetic.Filled([2, 3], -1.5, dtype).to(ScalarType.Float32).data<float>().ToArray().Should().Equal(Enumerable.Repeat(-1.5f, 6));
    }

    /// <summary>Sums and products by one thread while another collects garbage without pause, and a third keeps both cores busy: with scalars left to the
    /// finalizer this fails within seconds.</summary>
    [Fact]
    public async Task Sums_WhileGarbageIsCollected_KeepTheirNumbers()
    {
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() => { while (!stop.IsCancellationRequested) { GC.Collect(0); GC.WaitForPendingFinalizers(); } });
        long wrong = 0;
        using (NewDisposeScope())
        {
            var x = ones(16);
            for (var i = 0; i < 20_000; i++)
            {
                using var scope = NewDisposeScope();
                if (x.Plus(x).Times(0.25).Plus(1e-6).sum().item<float>() is not (> 8.0f and < 8.001f)) wrong++;
            }
        }
        await stop.CancelAsync();
        await collector;

        wrong.Should().Be(0);
    }
}
