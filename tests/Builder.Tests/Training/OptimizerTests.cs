using TorchSharp;
using Vrp.Builder.Training;
using static TorchSharp.torch;

namespace Vrp.Builder.Tests.Training;

public class OptimizerTests
{
    [Fact]
    public void Muon_FirstStep_MovesEveryDirectionAlike()
    {
        using var scope = NewDisposeScope();
        // A gradient of very unlike singular values, 4 and 0.01, along the axes.
        using var weight = zeros(2, 2).requires_grad_(true);
        (weight * tensor(new float[] { 4, 0, 0, 0.01f }, [2, 2])).sum().backward();
        using var optimizer = new Muon([weight], weightDecay: 0);
        optimizer.Step(0.1);

        var moved = weight.detach().data<float>().ToArray();
        // The quintic leaves singular values between 0.3 (of tiny ones) and 1.2, where the gradient itself differs 400-fold.
        (-moved[0] / 0.1).Should().BeInRange(0.6, 1.3);
        (-moved[3] / 0.1).Should().BeInRange(0.6, 1.3);
        moved[1].Should().BeApproximately(0, 1e-6f);
    }

    [Fact]
    public void AdamW_SmallGradients_EqualsTorchs()
    {
        using var scope = NewDisposeScope();
        float[] start = [0.5f, -0.25f, 0.125f, 1], pull = [0.1f, -0.2f, 0.05f, 0.3f];
        using var ours = tensor(start, [2, 2]).requires_grad_(true);
        var theirs = new TorchSharp.Modules.Parameter(tensor(start, [2, 2]));
        using var mine = new AdamW([ours], weightDecay: 0.05);
        using var reference = optim.AdamW([theirs], lr: 0.01, beta1: 0.9, beta2: 0.98, weight_decay: 0.05);
        for (var step = 0; step < 5; step++)
        {
            ours.grad?.zero_();
            (ours * ours * tensor(pull, [2, 2])).sum().backward();
            mine.Step(0.01);
            reference.zero_grad();
            (theirs * theirs * tensor(pull, [2, 2])).sum().backward();
            reference.step();
        }

        var expected = theirs.detach().data<float>().ToArray();
        ours.detach().data<float>().ToArray().Should()
            .Equal(expected, (a, b) => Math.Abs(a - b) < 1e-6, "the same rule in another order of operations, float32");
    }

    [Fact]
    public void AdamW_LargeGradient_IsCutToLengthOne()
    {
        using var scope = NewDisposeScope();
        using var weight = zeros(2).requires_grad_(true);
        (weight * tensor(new float[] { 300, 400 })).sum().backward();
        using var optimizer = new AdamW([weight], weightDecay: 0);
        optimizer.Step(0.1);
        var mean = optimizer.State.Single(s => s.Name == "mean").Tensor.data<float>().ToArray();
        mean.Should().Equal([0.06f, 0.08f], (a, b) => Math.Abs(a - b) < 1e-6, "(300, 400) / 500, times 1 - 0.9");
    }
}
