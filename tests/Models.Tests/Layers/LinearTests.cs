using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Layers;

public sealed class LinearTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_OneRow_EqualsItsRowOfMany(bool bias)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var weights = new Dictionary<string, Tensor> { ["weight"] = randn([7, 6], generator: generator) };
        if (bias) weights["bias"] = randn([7], generator: generator);
        var linear = new Linear(Weights.From(weights), 6, 7, bias);
        var x = randn([2, 3, 6], generator: generator);

        var all = linear.Forward(x);

        all.shape.Should().Equal(2, 3, 7);
        linear.Forward(x.narrow(0, 1, 1).narrow(1, 2, 1)).ShouldEqual(all.narrow(0, 1, 1).narrow(1, 2, 1), 1e-5, "one row of three dimensions");
        linear.Forward(x.select(0, 1).select(0, 2)).ShouldEqual(all.select(0, 1).select(0, 2), 1e-5, "a vector");
    }

    [Fact]
    public void Forward_OtherWidth_ThrowsBeforeTheProduct()
    {
        using var scope = NewDisposeScope();
        var linear = new Linear(Weights.From(new Dictionary<string, Tensor> { ["weight"] = randn(7, 6) }), 6, 7, bias: false);

        var run = () => linear.Forward(randn(2, 5));

        run.Should().Throw<ShapeException>().WithMessage("linear: expected […, 6], got [2, 5]*");
    }
}
