using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.TensorIndex;

namespace Vrp.Torch.Tests.Tensors;

public sealed class IndexingTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    // [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], [[12, …], …]]
    readonly Tensor x = arange(24).reshape(2, 3, 4);

    public void Dispose() => scope.Dispose();

    static void Holds(Tensor tensor, long[] shape, params long[] values)
    {
        tensor.shape.Should().Equal(shape);
        tensor.data<long>().ToArray().Should().Equal(values);
    }

    [Fact]
    public void Numbers_SelectAndDropTheirDimension()
    {
        Holds(x[1, 2], [4], 20, 21, 22, 23);
        Holds(x[1, 2, 3], [], 23);
        Holds(x[-1, 0, -2], [], 14);
        x[1].shape.Should().Equal(3, 4);
    }

    [Fact]
    public void Slices_CountFromBothEnds_WithSteps()
    {
        Holds(x[0, Slice(1), Slice(null, null, 2)], [2, 2], 4, 6, 8, 10);
        Holds(x[0, 0, Slice(-3, -1)], [2], 1, 2);
        Holds(x[0, 0, 1..3], [2], 1, 2);
        Holds(x[0, 0, 1..], [3], 1, 2, 3);
        Holds(x[0, 0, ..^1], [3], 0, 1, 2);
        Holds(x[0, 0, ^1], [], 3);
    }

    [Fact]
    public void Ellipsis_StandsForTheDimensionsNotNamed()
    {
        Holds(x[Ellipsis, 0], [2, 3], 0, 4, 8, 12, 16, 20);
        Holds(x[1, Ellipsis, 3], [3], 15, 19, 23);
        x[Ellipsis].shape.Should().Equal(2, 3, 4);
    }

    [Fact]
    public void None_AddsADimension()
    {
        x[None].shape.Should().Equal(1, 2, 3, 4);
        x[Colon, None, 0].shape.Should().Equal(2, 1, 4);
        x[Ellipsis, None].shape.Should().Equal(2, 3, 4, 1);
    }

    [Fact]
    public void View_SharesMemory()
    {
        x[0, 1].fill_(7);

        Holds(x[0, 1], [4], 7, 7, 7, 7);
    }

    [Theory]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    public void IndexTensor_PicksRows(ScalarType type)
    {
        var rows = tensor(new long[] { 2, 0 }).to(type);
        if (type == ScalarType.Int32)
        {
            // libtorch before 2.0 takes only int64 here; index_select takes both everywhere.
            Holds(x[0].index_select(0, rows), [2, 4], 8, 9, 10, 11, 0, 1, 2, 3);
            return;
        }
        Holds(x[0, TensorIndex.Tensor(rows)], [2, 4], 8, 9, 10, 11, 0, 1, 2, 3);
        Holds(x[Colon, TensorIndex.Tensor(rows), 0], [2, 2], 8, 0, 20, 12);
    }

    [Fact]
    public void IndexTensors_AreBroadcastTogether()
    {
        var i = tensor(new long[] { 0, 1 });
        var j = tensor(new long[] { 2, 0 });

        Holds(x[i, j], [2, 4], 8, 9, 10, 11, 12, 13, 14, 15);
        Holds(x[TensorIndex.Tensor(i), TensorIndex.Tensor(j), 1], [2], 9, 13);
    }

    [Fact]
    public void Mask_KeepsTheElementsThatAreTrue()
    {
        Holds(x[x > 20], [3], 21, 22, 23);
        Holds(x[0, TensorIndex.Tensor(tensor(new[] { false, true, false }))], [1, 4], 4, 5, 6, 7);
        var pairs = tensor(new[,] { { true, false, false }, { false, false, true } });
        Holds(x[TensorIndex.Tensor(pairs), 0], [2], 0, 20);
        Holds(x[TensorIndex.Tensor(pairs), TensorIndex.Tensor(tensor(new long[] { 3, 1 }))], [2], 3, 21);
    }

    [Fact]
    public void Assignment_Broadcasts()
    {
        x[0, Colon, 1] = tensor(-1L);
        x[1, 2, 3] = tensor(99L);
        x[x > 20] = tensor(0L);

        Holds(x[0, Colon, 1], [3], -1, -1, -1);
        Holds(x[1, 2], [4], 20, 0, 0, 0);
    }

    [Fact]
    public void IndexPut_Accumulates_WhenAsked()
    {
        var y = zeros(3, dtype: int64);

        y.index_put_(ones(4, dtype: int64), [tensor(new long[] { 0, 2, 2, 2 })], accumulate: true);

        Holds(y, [3], 1, 0, 3);
    }

    [Fact]
    public void IndexPut_WithAScalar_FillsTheViewNamed()
    {
        x.index_put_(5, Colon, 0, Slice(2));

        Holds(x[1, 0], [4], 12, 13, 5, 5);
    }

    [Fact]
    public void OutOfRange_ThrowsWithLibtorchsMessage() =>
        x.Invoking(t => t[0, 3]).Should().Throw<ExternalException>().WithMessage("aten::select.int:*out of range*");

    [Fact]
    public void TooManyIndices_Throw() =>
        x.Invoking(t => t[0, 0, 0, 1..2]).Should().Throw<ArgumentException>().WithMessage("too many indices: 4 for a tensor with 3 dimensions");

    [Fact]
    public void Gather_ScatterAndTheirKin_FollowTheIndex()
    {
        var rows = x[0];
        var index = tensor(new long[,] { { 3, 0 }, { 1, 1 }, { 2, 0 } });

        Holds(rows.gather(1, index), [3, 2], 3, 0, 5, 5, 10, 8);
        Holds(zeros(2, dtype: int64).scatter_add(0, tensor(new long[] { 1, 1, 0 }), tensor(new long[] { 5, 6, 7 })), [2], 7, 11);
        Holds(zeros(3, dtype: int64).scatter(0, tensor(new long[] { 2, 0 }), tensor(new long[] { 8, 9 })), [3], 9, 0, 8);
        Holds(zeros(3, dtype: int64).index_add(0, tensor(new long[] { 0, 0 }), tensor(new long[] { 2, 3 }), 2), [3], 10, 0, 0);
        Holds(rows.masked_fill(rows > 5, -1)[1], [4], 4, 5, -1, -1);
        Holds(where(rows > 5, rows, zeros_like(rows))[1], [4], 0, 0, 6, 7);
        Holds((rows == 6).nonzero(), [1, 2], 1, 2);
        Holds(zeros(4, dtype: int64).masked_scatter(tensor(new[] { false, true, false, true }), tensor(new long[] { 4, 5 })), [4], 0, 4, 0, 5);
    }

    [Fact]
    public void Splitting_GivesViewsInOrder()
    {
        x[0].split(2).Select(p => p.shape[0]).Should().Equal(2, 1);
        x[0].split([1, 2]).Select(p => p.shape[0]).Should().Equal(1, 2);
        x.chunk(2, 2).Select(p => p.shape[2]).Should().Equal(2, 2);
        x.unbind(1).Should().HaveCount(3);
        Holds(x[0].narrow(1, 1, 2)[0], [2], 1, 2);
        Holds(x[0].roll(1, 1)[0], [4], 3, 0, 1, 2);
        Holds(x[0].flip(0)[0], [4], 8, 9, 10, 11);
        Holds(tensor(new long[] { 1, 2 }).repeat_interleave(2), [4], 1, 1, 2, 2);
        Holds(tensor(new long[] { 1, 2 }).repeat(2), [4], 1, 2, 1, 2);
        x.unflatten(2, 2, 2).shape.Should().Equal(2, 3, 2, 2);
        x.flatten(1).shape.Should().Equal(2, 12);
        x.movedim([0], [2]).shape.Should().Equal(3, 4, 2);
    }
}
