using TorchSharp;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Layers;

public sealed class ScaledAttentionTests
{
    static readonly HookPoint Pattern = new HookRegistry().Root.Point("pattern", unitAxis: 1);

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 2)]
    [InlineData(6, 1)]
    public void Forward_GroupedHeads_EqualRepeatedKeysAndValues(long heads, long groups)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (q, k, v) = (randn([2, heads, 5, 8], generator: generator), randn([2, groups, 5, 8], generator: generator),
            randn([2, groups, 5, 8], generator: generator));

        var actual = ScaledAttention.Forward(q, k, v, new AttentionMask(null, true), Pattern);

        var (keys, values) = (k.repeat_interleave(heads / groups, 1), v.repeat_interleave(heads / groups, 1));
        var scores = matmul(q, keys.transpose(-1, -2)).Over(Math.Sqrt(8));
        scores = scores.Masked(ones(5, 5).triu(1).to(ScalarType.Bool), double.NegativeInfinity);
        actual.ShouldEqual(matmul(scores.softmax(-1), values), 1e-5, "attention");
    }

    [Theory]
    [InlineData(5, 4, 4, false)]
    [InlineData(5, 4, 2, true)]
    [InlineData(1, 6, 3, false)]
    [InlineData(1, 6, 3, true)]
    [InlineData(3, 3, 1, true)]
    public void Forward_LongPrompts_EqualThePlainComputation(long rows, long heads, long groups, bool padded)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        const long Length = 700;
        var (q, k, v) = (randn([rows, heads, Length, 8], generator: generator), randn([rows, groups, Length, 8], generator: generator),
            randn([rows, groups, Length, 8], generator: generator));
        var hidden = TensorArithmetic.Filled([rows, 1, Length, 3], AttentionMask.Lowest(ScalarType.Float32));
        var mask = padded ? new AttentionMask(cat([hidden, zeros(rows, 1, Length, Length - 3)], -1), false) : new AttentionMask(null, true);

        var actual = ScaledAttention.Forward(q, k, v, mask, Pattern);

        var scores = matmul(q, k.repeat_interleave(heads / groups, 1).transpose(-1, -2)).Over(Math.Sqrt(8));
        scores = padded ? scores.Plus(mask.Additive!) : scores.Masked(ones(Length, Length).triu(1).to(ScalarType.Bool), double.NegativeInfinity);
        actual.shape.Should().Equal(rows, heads, Length, 8);
        actual.ShouldEqual(matmul(scores.softmax(-1), v.repeat_interleave(heads / groups, 1)), 1e-5, "attention");
    }

    [Fact]
    public void Forward_HeadsThatDoNotDivide_ThrowsWithShapes()
    {
        using var scope = NewDisposeScope();

        var run = () => ScaledAttention.Forward(randn(1, 4, 2, 8), randn(1, 3, 2, 8), randn(1, 3, 2, 8), AttentionMask.None, Pattern);

        run.Should().Throw<ShapeException>().WithMessage("attention: expected*got [1, 4, 2, 8] and [1, 3, 2, 8]*");
    }
}
