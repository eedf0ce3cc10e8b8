using TorchSharp;
using Vrp.Builder.Training;
using static TorchSharp.torch;

namespace Vrp.Builder.Tests.Training;

public class WeightRoundingTests
{
    [Fact]
    public void Round_ThreeBits_LeavesSevenValuesWithinHalfAStep()
    {
        using var scope = NewDisposeScope();
        var weight = linspace(-3, 3, 32).view(2, 16);
        var rounded = WeightRounding.Round(weight, 3);
        rounded.data<float>().ToArray().Distinct().Should().BeEquivalentTo([-3f, -2, -1, 0, 1, 2, 3]);
        (rounded - weight).abs().max().ToSingle().Should().BeLessThanOrEqualTo(0.5f);
    }

    [Fact]
    public void Round_Vector_StaysAsItIs()
    {
        using var scope = NewDisposeScope();
        var norm = tensor(new float[] { 0.3f, 0.7f });
        WeightRounding.Round(norm, 2).data<float>().ToArray().Should().Equal(0.3f, 0.7f);
    }
}
