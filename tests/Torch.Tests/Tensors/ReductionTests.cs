using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Tensors;

public sealed class ReductionTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Tensor x = tensor(new[,] { { 3f, 1, 2 }, { 6, 5, 4 } });

    public void Dispose() => scope.Dispose();

    static void Close(Tensor actual, params double[] expected) =>
        actual.to(float64).data<double>().ToArray().Should().Equal(expected, (a, e) => Math.Abs(a - e) <= 1e-6 * Math.Max(1, Math.Abs(e)));

    [Fact]
    public void SumsAndMeans_OverAllOrSomeDimensions()
    {
        Close(x.sum(), 21);
        // sum(0) would be sum(ScalarType.Byte) by the rules of C#, here as in TorchSharp: name the dimension.
        Close(x.sum(dim: 0), 9, 6, 6);
        Close(x.sum([0, 1], keepdim: true), 21);
        x.sum(1, keepdim: true).shape.Should().Equal(2, 1);
        Close(x.mean([1]), 2, 5);
        Close(x.prod(1), 6, 120);
        Close(x.cumsum(1), 3, 4, 6, 6, 11, 15);
        x.@bool().sum().dtype.Should().Be(ScalarType.Int64);
    }

    [Fact]
    public void Spread_IsUnbiasedUnlessAsked()
    {
        Close(x.var(1), 1, 1);
        Close(x.var(1, unbiased: false), 2 / 3.0, 2 / 3.0);
        Close(x.std(), Math.Sqrt(3.5));
        Close(x.norm(), Math.Sqrt(91));
    }

    [Fact]
    public void Extremes_ComeWithTheirPlaces()
    {
        var (values, places) = x.max(1);
        Close(values, 3, 6);
        places.data<long>().ToArray().Should().Equal(0, 0);
        Close(x.amin([0]), 3, 1, 2);
        Close(x.argmin(1), 1, 2);
        Close(x.argmax(), 3);
        Close(x.max(full_like(x, 4)), 4, 4, 4, 6, 5, 4);
    }

    [Fact]
    public void Sorting_GivesValuesAndIndices()
    {
        var (values, indices) = x.sort(1, descending: true);
        Close(values, 3, 2, 1, 6, 5, 4);
        Close(indices, 0, 2, 1, 0, 1, 2);
        Close(x.argsort(1), 1, 2, 0, 2, 1, 0);
        var (top, at) = x.topk(2, 1);
        Close(top, 3, 2, 6, 5);
        Close(at, 0, 2, 0, 1);
        Close(x.flatten().kthvalue(2, null).values, 2);
        var (unique, inverse, counts) = tensor(new long[] { 5, 3, 5 }).unique(return_counts: true);
        Close(unique, 3, 5);
        inverse.Should().BeNull();
        Close(counts!, 1, 2);
        Close(tensor(new long[] { 1, 1, 3 }).bincount(null), 0, 2, 0, 1);
    }

    [Fact]
    public void TruthValues_AllAny()
    {
        (x > 0).all().ToBoolean().Should().BeTrue();
        (x > 5).any(1).data<bool>().ToArray().Should().Equal(false, true);
        Close((x > 2).count_nonzero(), 4);
        Close(tensor(new[] { double.NaN, double.PositiveInfinity, 1 }).isnan(), 1, 0, 0);
        Close(tensor(new[] { double.NaN, double.PositiveInfinity, 1 }).isfinite(), 0, 0, 1);
        Close(tensor(new[] { double.NaN, double.PositiveInfinity, 1 }).isinf(), 0, 1, 0);
    }

    [Fact]
    public void Logs_OfSumsOfExponentials()
    {
        Close(zeros(1, 4).logsumexp(1), Math.Log(4));
        Close(x.softmax(1).sum(1), 1, 1);
        x.log_softmax(1).allclose(x.softmax(1).log(), 1e-5, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void Arithmetic_FollowsPythonsRules()
    {
        var i = tensor(new long[] { -7, 7 });
        Close(i.div(2, RoundingMode.floor), -4, 3);
        Close(i.div(2, RoundingMode.trunc), -3, 3);
        Close(i % 3, 2, 1);
        Close(i / 2, -3.5, 3.5);
        Close(1 - i, 8, -6);
        Close(14.0 / i, -2, 2);
        Close((i & tensor(new long[] { 3, 3 })) | tensor(new long[] { 8, 8 }), 9, 11);
        Close(~tensor(new[] { true, false }), 0, 1);
        Close(-i, 7, -7);
        Close(i == 7, 0, 1);
        Close(i != 7, 1, 0);
        Close(0 < i, 0, 1);
        Close(i >= tensor(new long[] { 0, 7 }), 0, 1);
        Close(pow(tensor(new[] { 2.0, 3 }), 3), 8, 27);
        Close(tensor(new[] { 0.5, 1.5, 2.5, -1.5 }).round(), 0, 2, 2, -2);
        Close(tensor(new[] { 1.234 }).round(2), 1.23);
        Close(tensor(new[] { -1.5, 2.5 }).clamp(-1, 2), -1, 2);
        Close(lerp(tensor(new[] { 0.0 }), tensor(new[] { 10.0 }), tensor(new[] { 0.3 })), 3);
        Close(tensor(new[] { 1.0 }).addcmul(tensor(new[] { 2.0 }), tensor(new[] { 3.0 }), 10), 61);
        Close(tensor(new long[] { 1 }).bitwise_left_shift(tensor(new long[] { 4 })), 16);
        i.equal(i).data<bool>().ToArray().Should().Equal(true, true);
        i.Equals(i.clone()).Should().BeTrue();
        i.Equals(i + 1).Should().BeFalse();
    }

    [Fact]
    public void LinearAlgebra_SolvesWhatItShould()
    {
        var a = tensor(new[,] { { 4.0, 1 }, { 1, 3 } });
        var b = tensor(new[,] { { 1.0 }, { 2 } });
        Close(a.matmul(linalg.solve(a, b)), 1, 2);
        Close(a.matmul(linalg.inv(a)), 1, 0, 0, 1);
        var l = linalg.cholesky(a);
        Close(l.matmul(l.t()), 4, 1, 1, 3);
        var (values, vectors) = linalg.eigh(a);
        Close(vectors.matmul(values.diag()).matmul(vectors.t()), 4, 1, 1, 3);
        var (u, s, vh) = linalg.svd(a, fullMatrices: false);
        Close(u.matmul(s.diag()).matmul(vh), 4, 1, 1, 3);
        Close(linalg.norm(a), Math.Sqrt(27));
        Close(linalg.norm(b, 1), 3);
        Close(cdist(tensor(new[,] { { 0.0, 0 } }), tensor(new[,] { { 3.0, 4 } })), 5);
        Close(outer(tensor(new[] { 1.0, 2 }), tensor(new[] { 3.0, 4 })), 3, 4, 6, 8);
        Close(einsum("i,i->", tensor(new[] { 1.0, 2 }), tensor(new[] { 3.0, 4 })), 11);
        Close(b.addmm(a, b, beta: 2, alpha: 10), 62, 74);
    }
}
