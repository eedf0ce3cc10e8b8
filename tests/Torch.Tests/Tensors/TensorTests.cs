using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Tensors;

public class TensorTests
{
    [Fact]
    public void Metadata_OfATransposedView_IsTheView()
    {
        using var scope = NewDisposeScope();
        var x = arange(6, float32).reshape(2, 3).transpose(0, 1);

        x.shape.Should().Equal(3, 2);
        x.stride().Should().Equal(1, 3);
        x.size(-1).Should().Be(2);
        x.numel().Should().Be(6);
        x.ndim.Should().Be(2);
        x.is_contiguous().Should().BeFalse();
        x.device.ToString().Should().Be("cpu");
        x.ToString().Should().Be("[3x2], type = Float32, device = cpu");
    }

    [Fact]
    public void Data_OfAStridedView_ComesInRowMajorOrder()
    {
        using var scope = NewDisposeScope();
        var x = arange(6, float32).reshape(2, 3).t();

        x.data<float>().ToArray().Should().Equal(0, 3, 1, 4, 2, 5);
        x.contiguous().data<float>().ToArray().Should().Equal(0, 3, 1, 4, 2, 5);
        x.data<float>()[2, 1].Should().Be(5);
    }

    [Fact]
    public void Item_WithAnotherType_Throws()
    {
        using var x = tensor(1.5f);

        x.Invoking(t => t.item<double>()).Should().Throw<ArgumentException>().WithMessage("*Double*Float32*");
        x.item<float>().Should().Be(1.5f);
        x.ToDouble().Should().Be(1.5);
    }

    [Fact]
    public void Matmul_OfShapesThatDoNotFit_ThrowsWithOperatorAndLibtorchsMessage()
    {
        using var a = ones(2, 3);
        using var b = ones(2, 3);

        a.Invoking(t => t.matmul(b)).Should().Throw<ExternalException>().WithMessage("aten::matmul:*mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)*");
    }
}
