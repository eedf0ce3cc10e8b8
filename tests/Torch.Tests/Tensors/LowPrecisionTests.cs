using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Vrp.Torch.Tests.Tensors;

public sealed class LowPrecisionTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    static Dictionary<string, Func<Tensor, Tensor>> Functions => new()
    {
        ["linear"] = x => F.linear(x, x, x[0, TensorIndex.Slice(0, 6)]),
        ["matmul"] = x => x.matmul(x.t()),
        ["bmm"] = x => x.unsqueeze(0).bmm(x.t().unsqueeze(0)),
        ["baddbmm"] = x => x[TensorIndex.Colon, TensorIndex.Slice(0, 6)].unsqueeze(0).baddbmm(x.unsqueeze(0), x.t().unsqueeze(0)),
        ["softmax"] = x => x.softmax(-1),
        ["log_softmax"] = x => x.log_softmax(-1),
        ["layer_norm"] = x => F.layer_norm(x, [8], x[0], x[1]),
        ["gelu"] = x => F.gelu(x),
        ["silu"] = x => F.silu(x),
        ["conv2d"] = x => F.conv2d(x.reshape(1, 1, 6, 8), x[0, TensorIndex.Slice(0, 4)].reshape(1, 1, 2, 2)),
        ["attention"] = x => F.scaled_dot_product_attention(x, x, x),
        ["arithmetic"] = x => (x * 2 + x) / (x.abs() + 1) - x.sin(),
        ["rsqrt"] = x => rsqrt(x.pow(2).mean([-1], true) + 1e-3),
        ["cat"] = x => cat([x, x], 1),
        ["cumsum"] = x => x.cumsum(1),
        ["logsumexp"] = x => x.logsumexp(1),
        ["masked_fill"] = x => x.masked_fill(x > 0, -1),
        ["index_select"] = x => x.index_select(0, tensor(new long[] { 3, 1 })),
        ["topk"] = x => x.topk(3).values,
        ["amax"] = x => x.amax([1]),
        ["sum"] = x => x.sum(1),
        ["cdist"] = x => cdist(x, x * 2),
        ["tril"] = x => x.tril(),
        ["std"] = x => x.std(1),
    };

    public static IEnumerable<object[]> Cases =>
        from name in Functions.Keys from type in new[] { ScalarType.Float16, ScalarType.BFloat16 } select new object[] { name, type };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Function_OnTheCpu_IsTheFloat32FunctionUpToRounding(string name, ScalarType type)
    {
        using var generator = new Generator(3);
        var x = randn(6, 8, generator: generator).to(type);
        var expected = Functions[name](x.to(float32));

        for (int call = 0; call < 2; call++)    // the second call goes by what the first has found out
        {
            var y = Functions[name](x);
            y.dtype.Should().Be(type);
            // A few roundings of 2^-8 (bfloat16) or 2^-11 (float16) relative to the largest value in play.
            double unit = type == ScalarType.BFloat16 ? 1 / 256.0 : 1 / 2048.0;
            (y.to(float32) - expected).abs().max().ToDouble().Should().BeLessThan(4 * unit * expected.abs().max().clamp_min(1).ToDouble());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void InPlace_WritesIntoTheTensor(ScalarType type)
    {
        var x = ones(2, 2, dtype: type);
        var view = x[0];

        x.addmm_(x.clone(), x.clone()).Should().BeSameAs(x);

        view.to(float32).data<float>().ToArray().Should().Equal(3, 3);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Backward_Works(ScalarType type)
    {
        var x = tensor(new[,] { { 1f, 2f }, { 3f, 4f } }).to(type).requires_grad_();

        x.matmul(x).sum().backward();

        x.grad!.dtype.Should().Be(type);
        x.grad!.to(float32).data<float>().ToArray().Should().Equal(7, 11, 9, 13);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void ComparisonsAndReading_Work(ScalarType type)
    {
        var x = tensor(new[] { 1f, 2f }).to(type);

        x.allclose(x.clone()).Should().BeTrue();
        x.allclose(x + 1).Should().BeFalse();
        x.Equals(x.clone()).Should().BeTrue();
        (x > 1).data<bool>().ToArray().Should().Equal(false, true);
        x[1].ToSingle().Should().Be(2);
        x.isfinite().all().ToBoolean().Should().BeTrue();
        x.argmax().ToInt64().Should().Be(1);
        where(x > 1, x, x * 3).to(float32).data<float>().ToArray().Should().Equal(3, 2);
    }

    [Fact]
    public void AnotherError_IsNotTakenForAMissingKernel()
    {
        var x = ones(2, 3, dtype: float16);

        for (int call = 0; call < 2; call++)
            x.Invoking(t => t.matmul(t)).Should().Throw<ExternalException>().WithMessage("aten::matmul:*shapes cannot be multiplied*");
    }

    [Fact]
    public void Sum_WithAType_HasThatType()
    {
        ones(3, dtype: float16).sum(float32).dtype.Should().Be(ScalarType.Float32);
        ones(3, dtype: float16).softmax(0, float32).dtype.Should().Be(ScalarType.Float32);
        ones(3).to(bfloat16).softmax(0, float16).dtype.Should().Be(ScalarType.Float16);
    }
}
