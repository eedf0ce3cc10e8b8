using TorchSharp;
using Vrp.Builder.Training;
using static TorchSharp.torch;

namespace Vrp.Harness.Tests.Builder.Training;

public class WeightRoundingTests
{
    [Fact]
    public void Round_ThreeBits_LeavesSevenValuesPerRowWithinHalfAStep()
    {
        using var scope = NewDisposeScope();
        var weight = linspace(-3, 3, 32).view(2, 16);
        var rounded = WeightRounding.Round(weight, 3);
        for (int row = 0; row < 2; row++)
        {
            float step = weight[row].abs().max().ToSingle() / 3;
            rounded[row].data<float>().ToArray().Distinct().Should().HaveCountLessThanOrEqualTo(7);
            (rounded[row] - weight[row]).abs().max().ToSingle().Should().BeLessThanOrEqualTo(step / 2 + 1e-6f);
        }
    }

    [Fact]
    public void Round_Vector_StaysAsItIs()
    {
        using var scope = NewDisposeScope();
        var norm = tensor(new float[] { 0.3f, 0.7f });
        WeightRounding.Round(norm, 2).data<float>().ToArray().Should().Equal(0.3f, 0.7f);
    }
}
