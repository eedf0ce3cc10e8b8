using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Functions;

public sealed class CreationTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Tensor_CopiesTheArray()
    {
        var array = new[] { 1f, 2, 3, 4 };
        var x = tensor(array, [2, 2]);
        array[0] = 9;

        x.data<float>().ToArray().Should().Equal(1, 2, 3, 4);
        x.shape.Should().Equal(2, 2);
    }

    [Fact]
    public void Tensor_WithAShapeThatDoesNotFit_Throws() =>
        this.Invoking(_ => tensor(new[] { 1f, 2 }, [3])).Should().Throw<ArgumentException>().WithMessage("*shape [3] has 3 elements, the array 2*");

    [Fact]
    public void Tensor_OfEveryElementType_HasIt()
    {
        tensor(new byte[] { 1 }).dtype.Should().Be(ScalarType.Byte);
        tensor(new sbyte[] { 1 }).dtype.Should().Be(ScalarType.Int8);
        tensor(new short[] { 1 }).dtype.Should().Be(ScalarType.Int16);
        tensor(new[] { 1 }).dtype.Should().Be(ScalarType.Int32);
        tensor(new[] { 1L }).dtype.Should().Be(ScalarType.Int64);
        tensor(new[] { 1f }).dtype.Should().Be(ScalarType.Float32);
        tensor(new[] { 1.0 }).dtype.Should().Be(ScalarType.Float64);
        tensor(new[] { true }).dtype.Should().Be(ScalarType.Bool);
        tensor(new[] { (Half)1 }).dtype.Should().Be(ScalarType.Float16);
        tensor(new[] { (BFloat16)1f }).dtype.Should().Be(ScalarType.BFloat16);
        tensor(new[] { 1L }, dtype: float32).dtype.Should().Be(ScalarType.Float32);
        tensor(2.5f).shape.Should().BeEmpty();
        tensor(new[,] { { 1, 2, 3 }, { 4, 5, 6 } })[1, 0].ToInt32().Should().Be(4);
        tensor(new List<long> { 4, 5 }).data<long>().ToArray().Should().Equal(4, 5);
    }

    [Fact]
    public void FromArray_SharesTheArraysMemoryAndShape()
    {
        var array = new float[,] { { 1, 2 }, { 3, 4 } };
        var x = from_array(array);
        array[1, 0] = 7;
        x[0, 1] = tensor(8f);

        x.shape.Should().Equal(2, 2);
        x[1, 0].ToSingle().Should().Be(7);
        array[0, 1].Should().Be(8);
    }

    [Fact]
    public void FromBuffer_SharesAPart()
    {
        var array = new[] { 1L, 2, 3, 4 };
        var x = frombuffer(array, ScalarType.Int64, count: 2, offset: 1);
        array[1] = 9;

        x.data<long>().ToArray().Should().Equal(9, 3);
        this.Invoking(_ => frombuffer(array, ScalarType.Int64, count: 4, offset: 1)).Should().Throw<IndexOutOfRangeException>();
        this.Invoking(_ => frombuffer(array, ScalarType.Int64, offset: 4)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Arange_IsInt64ForIntegers_AndFloat32Else()
    {
        arange(5).data<long>().ToArray().Should().Equal(0, 1, 2, 3, 4);
        arange(1, 7, 2).data<long>().ToArray().Should().Equal(1, 3, 5);
        arange(0, 1, 0.25).data<float>().ToArray().Should().Equal(0, 0.25f, 0.5f, 0.75f);
        arange(3, float32).dtype.Should().Be(ScalarType.Float32);
        linspace(0, 1, 3).data<float>().ToArray().Should().Equal(0, 0.5f, 1);
    }

    [Fact]
    public void Fills_HaveValueTypeAndShape()
    {
        zeros(2, 3).sum().ToSingle().Should().Be(0);
        ones([2, 3], int64).sum().ToInt64().Should().Be(6);
        full(2, 2, 0.5).data<float>().ToArray().Should().OnlyContain(v => v == 0.5f);
        full([2], true, @bool).data<bool>().ToArray().Should().Equal(true, true);
        eye(2).data<float>().ToArray().Should().Equal(1, 0, 0, 1);
        eye(2, 3).shape.Should().Equal(2, 3);
        zeros(0, 3).numel().Should().Be(0);
        zeros_like(ones(2, dtype: int32)).dtype.Should().Be(ScalarType.Int32);
        full_like(ones(2), 3, int64).data<long>().ToArray().Should().Equal(3, 3);
        ones(2, requires_grad: true).requires_grad.Should().BeTrue();
        ones(3, 3).tril().sum().ToSingle().Should().Be(6);
        ones(3, 3).triu(1).sum().ToSingle().Should().Be(3);
        empty(2, 3, device: META).is_meta.Should().BeTrue();
    }

    [Fact]
    public void Finfo_Lowest_IsTheMostNegativeFiniteNumber()
    {
        finfo(float32).min.Should().Be(float.MinValue);
        finfo(float16).min.Should().Be((double)Half.MinValue);
        finfo(bfloat16).max.Should().Be((double)BFloat16.MaxValue);
        this.Invoking(_ => finfo(int64)).Should().Throw<ArgumentException>();
    }
}
