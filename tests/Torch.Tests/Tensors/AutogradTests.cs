using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Vrp.Torch.Tests.Tensors;

public sealed class AutogradTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Generator generator = new(17);

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
    }

    /// <summary>Functions of one 3×4 float64 matrix, with values for which each is smooth.</summary>
    public static readonly TheoryData<string> Names = [.. Functions.Keys];

    static Dictionary<string, Func<Tensor, Tensor>> Functions => new()
    {
        ["matmul"] = x => x.matmul(x.t()),
        ["linear"] = x => F.linear(x, x[TensorIndex.Slice(0, 2)], x[0, TensorIndex.Slice(0, 2)]),
        ["bmm"] = x => x.unsqueeze(0).bmm(x.t().unsqueeze(0)),
        ["softmax"] = x => x.softmax(-1).square(),
        ["log_softmax"] = x => x.log_softmax(0).exp(),
        ["layer_norm"] = x => F.layer_norm(x, [4], x[0], x[1]).pow(3),
        ["rms norm"] = x => x * rsqrt(x.pow(2).mean([-1], true) + 1e-6),
        ["gelu"] = x => F.gelu(x) + F.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        ["silu"] = x => F.silu(x),
        ["attention"] = x => F.scaled_dot_product_attention(x, x * 2, x.sin()),
        ["causal attention"] = x => F.scaled_dot_product_attention(x, x, x, is_casual: true),
        ["cross entropy"] = x => F.cross_entropy(x, tensor(new long[] { 1, 3, -100 })),
        ["indexing"] = x => x[TensorIndex.Tensor(tensor(new long[] { 2, 2, 0 })), 1..3] * x[1, 0],
        ["index_select"] = x => x.index_select(1, tensor(new long[] { 1, 1 })).exp(),
        ["gather"] = x => x.gather(1, tensor(new long[,] { { 3 }, { 0 }, { 0 } })).square(),
        ["masked_fill"] = x => x.masked_fill(x > 0.5, 0.0) * x,
        ["masked_scatter"] = x => zeros(3, 4, float64).masked_scatter(x > 0.4, x.flatten()) * x,
        ["cat"] = x => cat([x, x.square()], 1).cumsum(1),
        ["conv2d"] = x => F.conv2d(x.reshape(1, 1, 3, 4), x[0].reshape(1, 1, 2, 2)),
        ["conv3d"] = x => F.conv3d(x.reshape(1, 1, 3, 2, 2), x[0].reshape(1, 1, 1, 2, 2)),
        ["norms"] = x => x.norm() + linalg.vector_norm(x, 3) + x.std() + x.logsumexp(0).sum(),
        ["topk"] = x => x.topk(2).values.log(),
        ["division"] = x => 1.0 / x - (2.0 - x) / (x + 3),
        ["where"] = x => where(x > 0.5, x.sqrt(), x.log1p()),
        ["solve"] = x => linalg.solve(x.matmul(x.t()) + eye(3, dtype: float64), x),
        ["einsum"] = x => einsum("ij,kj->ik", x, x.tanh()),
        ["repeat_interleave"] = x => x.repeat_interleave(2, 0).square(),
        ["expand"] = x => x.unsqueeze(1).expand(3, 5, 4) * 2 * x[1],
        ["cast"] = x => x.to(float64, copy: true).abs().clamp(0.3, 0.8),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_OfAFunction_AgreesWithFiniteDifferences(string name)
    {
        var f = Functions[name];
        var x = rand(3, 4, dtype: float64, generator: generator) * 0.9 + 0.05;
        // A random weighting makes the output one number without symmetries in which errors could cancel.
        Tensor Loss(Tensor at)
        {
            var y = f(at);
            using var weights = new Generator(5);
            return (y * rand(y.shape, float64, generator: weights)).sum();
        }
        var leaf = x.clone().requires_grad_();
        Loss(leaf).backward();
        var gradient = leaf.grad!.data<double>().ToArray();

        const double Step = 1e-6;
        for (int i = 0; i < 12; i++)
        {
            double At(double delta)
            {
                var moved = x.clone();
                moved.view(-1)[i].add_(delta);
                return Loss(moved).ToDouble();
            }
            double difference = (At(Step) - At(-Step)) / (2 * Step);
            // Central differences: truncation about 1e-12, rounding about 1e-16 / 1e-6 = 1e-10 times the loss.
            gradient[i].Should().BeApproximately(difference, 1e-7 * Math.Max(1, Math.Abs(difference)), $"element {i} of {name}");
        }
    }

    [Fact]
    public void Backward_Accumulates_AndZeroGradClears()
    {
        var x = tensor(new[] { 1f, 2f }, requires_grad: true);
        x.grad.Should().BeNull();
        (x * x).sum().backward();
        (x * x).sum().backward();

        x.grad!.data<float>().ToArray().Should().Equal(4, 8);
        x.grad = null;
        x.grad.Should().BeNull();
    }

    [Fact]
    public void Backward_WithGradTensorsAndInputs_ReachesOnlyThose()
    {
        var x = tensor(new[] { 1f, 2f }, requires_grad: true);
        var y = tensor(new[] { 3f, 4f }, requires_grad: true);

        (x * y).backward([tensor(new[] { 1f, 10f })], inputs: [x]);

        x.grad!.data<float>().ToArray().Should().Equal(3, 40);
        y.grad.Should().BeNull();
    }

    [Fact]
    public void Grad_WithCreateGraph_CanBeDifferentiatedAgain()
    {
        var x = tensor(3.0, requires_grad: true);

        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        var second = autograd.grad([first], [x])[0];

        first.ToDouble().Should().Be(27);
        second.ToDouble().Should().Be(18);
    }

    [Fact]
    public void Grad_OfAnUnusedInput_ThrowsUnlessAllowed()
    {
        var x = ones(1, requires_grad: true);
        var unused = ones(1, requires_grad: true);

        this.Invoking(_ => autograd.grad([x * 2], [unused])).Should().Throw<ExternalException>().WithMessage("backward:*");
        autograd.grad([x * 2], [x, unused], allow_unused: true)[1].Should().BeNull();
    }

    [Fact]
    public void Backward_Twice_NeedsRetainGraph()
    {
        var x = ones(2, requires_grad: true);
        var y = x.exp().sum();
        y.backward(retain_graph: true);
        y.backward();

        y.Invoking(t => t.backward()).Should().Throw<ExternalException>().WithMessage("backward:*second time*");
    }

    [Fact]
    public void NoGrad_RecordsNothing_AndEndsWithItsBlock()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            is_grad_enabled().Should().BeFalse();
            (x * 2).requires_grad.Should().BeFalse();
            using (enable_grad()) (x * 2).requires_grad.Should().BeTrue();
            is_grad_enabled().Should().BeFalse();
        }
        (x * 2).requires_grad.Should().BeTrue();
        (x * 2).is_leaf.Should().BeFalse();
        (x * 2).detach().requires_grad.Should().BeFalse();
    }

    [Fact]
    public void InferenceMode_MakesTensorsThatAutogradRefuses()
    {
        var w = ones(2, requires_grad: true);
        Tensor x;
        using (inference_mode())
        {
            is_inference_mode_enabled().Should().BeTrue();
            x = ones(2) * 3;
        }
        is_inference_mode_enabled().Should().BeFalse();

        this.Invoking(_ => x * w).Should().Throw<ExternalException>().WithMessage("aten::mul.Tensor:*Inference tensors cannot be saved for backward*");
    }

    [Fact]
    public void RetainGrad_KeepsTheGradientOfAnInnerTensor()
    {
        var x = ones(2, requires_grad: true);
        var h = x * 3;
        h.retain_grad();

        h.square().sum().backward();

        h.grad!.data<float>().ToArray().Should().Equal(6, 6);
    }

    [Fact]
    public void ClipGradNorm_ScalesToTheLimit_AndReturnsTheNormBefore()
    {
        var a = nn.Parameter(zeros(1));
        var b = nn.Parameter(zeros(1));
        a.grad = tensor(new[] { 3f });
        b.grad = tensor(new[] { 4f });

        nn.utils.clip_grad_norm_([a, b], 1).Should().BeApproximately(5, 1e-6);

        a.grad!.item<float>().Should().BeApproximately(0.6f, 1e-6f);
        b.grad!.item<float>().Should().BeApproximately(0.8f, 1e-6f);
        nn.utils.clip_grad_norm_([a, b], 2).Should().BeApproximately(1, 1e-6);
        a.grad!.item<float>().Should().BeApproximately(0.6f, 1e-6f);
    }
}
