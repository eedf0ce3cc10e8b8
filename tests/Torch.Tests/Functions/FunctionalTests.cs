using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Vrp.Torch.Tests.Functions;

public sealed class FunctionalTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    static void Close(Tensor actual, params double[] expected) =>
        actual.to(float64).data<double>().ToArray().Should().Equal(expected, (a, e) => Math.Abs(a - e) <= 1e-6 * Math.Max(1, Math.Abs(e)));

    [Fact]
    public void Linear_IsXTimesWTransposedPlusBias()
    {
        var x = tensor(new[,] { { 1f, 2 } });
        var w = tensor(new[,] { { 1f, 0 }, { 0, 1 }, { 1, 1 } });

        Close(F.linear(x, w), 1, 2, 3);
        Close(F.linear(x, w, tensor(new[] { 10f, 20, 30 })), 11, 22, 33);
    }

    [Fact]
    public void LayerNorm_HasMeanZeroAndVarianceOne()
    {
        var y = F.layer_norm(tensor(new[] { 1f, 3 }), [2], eps: 0);

        Close(y, -1, 1);
        Close(F.layer_norm(tensor(new[] { 1f, 3 }), [2], tensor(new[] { 2f, 3 }), tensor(new[] { 1f, 1 }), 0), -1, 4);
    }

    [Fact]
    public void Conv2d_SlidesItsKernel()
    {
        var x = arange(9, float32).reshape(1, 1, 3, 3);
        var w = tensor(new[] { 1f, 0, 0, 1 }, [1, 1, 2, 2]);

        Close(F.conv2d(x, w), 4, 6, 10, 12);
        Close(F.conv2d(x, w, strides: [2, 2]), 4);
        F.conv2d(x, w, padding: [1, 1]).shape.Should().Equal(1, 1, 4, 4);
        F.conv3d(ones([1, 3, 2, 4, 4]), ones([5, 3, 2, 2, 2]), strides: [2, 2, 2]).shape.Should().Equal(1, 5, 1, 2, 2);
    }

    [Fact]
    public void Activations_AreTheirFormulas()
    {
        var x = tensor(new[] { -1.0, 0, 2 });

        Close(F.silu(x), -1 / (1 + Math.E), 0, 2 / (1 + Math.Exp(-2)));
        Close(F.relu(x), 0, 0, 2);
        Close(F.gelu(x), -0.15865525393, 0, 1.95449973610);                            // x · Φ(x)
        Close(F.gelu(x, GELU.Approximate.tanh), -0.15880800939, 0, 1.95459769408);     // Hendrycks and Gimpel's approximation
        Close(x.sigmoid(), 1 / (1 + Math.E), 0.5, 1 / (1 + Math.Exp(-2)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attention_WithAMask_IsSoftmaxOverTheKeysAllowed(bool boolean)
    {
        using var generator = new Generator(2);
        Tensor q = randn(2, 3, 5, 8, generator: generator), k = randn(2, 3, 7, 8, generator: generator), v = randn(2, 3, 7, 4, generator: generator);
        var allowed = ones(5, 7, dtype: @bool).tril(2);
        var added = zeros(5, 7).masked_fill(allowed.logical_not(), double.NegativeInfinity);

        var actual = F.scaled_dot_product_attention(q, k, v, boolean ? allowed : added);

        var weights = (q.matmul(k.transpose(-2, -1)) / Math.Sqrt(8) + added).softmax(-1);
        actual.allclose(weights.matmul(v), 1e-5, 1e-6).Should().BeTrue();
        weights[0, 0, 0, 3..].sum().ToSingle().Should().Be(0);
    }

    [Fact]
    public void Attention_Causal_SeesNoLaterKey()
    {
        using var generator = new Generator(2);
        var x = randn(1, 1, 4, 8, generator: generator);
        var before = F.scaled_dot_product_attention(x, x, x, is_casual: true);
        var changed = x.clone();
        changed[0, 0, 3].fill_(9);

        var after = F.scaled_dot_product_attention(changed, changed, changed, is_casual: true);

        after[0, 0, ..3].allclose(before[0, 0, ..3]).Should().BeTrue();
        after[0, 0, 0].allclose(x[0, 0, 0]).Should().BeTrue("the first query sees only itself");
    }

    [Fact]
    public void CrossEntropy_IsTheMeanNegativeLogProbability()
    {
        var logits = tensor(new[,] { { 0f, 0 }, { 2, 0 }, { 5, 5 } });
        var target = tensor(new long[] { 0, 1, -100 });
        double first = Math.Log(2), second = Math.Log(1 + Math.Exp(2));

        Close(F.cross_entropy(logits, target), (first + second) / 2);
        Close(F.cross_entropy(logits, target, reduction: nn.Reduction.None), first, second, 0);
        Close(F.cross_entropy(logits, target, reduction: nn.Reduction.Sum), first + second);
    }

    [Fact]
    public void Pad_AndOneHot_AndNormalize()
    {
        Close(F.pad(tensor(new[] { 1f, 2 }), [1, 2], value: 9), 9, 1, 2, 9, 9);
        F.one_hot(tensor(new long[] { 2, 0 }), 3).data<long>().ToArray().Should().Equal(0, 0, 1, 1, 0, 0);
        Close(F.normalize(tensor(new[,] { { 3f, 4 } }), dim: 1), 0.6, 0.8);
        F.dropout(ones(10), 0.5, training: false).sum().ToSingle().Should().Be(10);
    }
}
