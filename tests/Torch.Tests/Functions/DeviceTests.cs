using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Functions;

public class DeviceTests
{
    [Fact]
    public void SetNumThreads_IsWhatGetNumThreadsSays()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(2);
            get_num_threads().Should().Be(2);
            set_num_threads(1);
            get_num_threads().Should().Be(1);
            this.Invoking(_ => set_num_threads(0)).Should().Throw<ArgumentOutOfRangeException>();
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Version_AndConfiguration_AreLibtorchs()
    {
        __version__.Should().MatchRegex(@"^\d+\.\d+\.\d+");
        Vrp.Torch.Libtorch.Configuration.Should().Contain("PyTorch built with");
    }

    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1)]
    [InlineData("cuda", DeviceType.CUDA, -1)]
    [InlineData("cuda:1", DeviceType.CUDA, 1)]
    public void Device_ReadsItsDescription(string text, DeviceType type, int index)
    {
        var device = new Device(text);

        (device.type, device.index).Should().Be((type, index));
        device.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:1:2")]
    public void Device_OfAnUnknownDescription_Throws(string text) =>
        this.Invoking(_ => new Device(text)).Should().Throw<ArgumentException>().WithMessage("*is not a device*");

    [Fact]
    public void Cuda_WhereThereIsNone_SaysSo()
    {
        if (cuda.is_available()) return;

        cuda.device_count().Should().Be(0);
        this.Invoking(_ => cuda.synchronize()).Should().Throw<ExternalException>().WithMessage("cuda.synchronize:*");
        this.Invoking(_ => InitializeDeviceType(DeviceType.CUDA)).Should().Throw<InvalidOperationException>().WithMessage("*CUDA*");
        this.Invoking(_ => ones(1, device: CUDA)).Should().Throw<ExternalException>().WithMessage("aten::ones:*CUDA*");
    }

    [SkippableFact]
    public void Cuda_ComputesWhatTheCpuDoes()
    {
        Skip.IfNot(cuda.is_available(), "no CUDA device, or a libtorch without CUDA");
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = rand([64, 64], generator: generator);
        var y = x.cuda().matmul(x.cuda());
        cuda.synchronize();

        y.device_type.Should().Be(DeviceType.CUDA);
        y.cpu().allclose(x.matmul(x), 1e-3, 1e-3).Should().BeTrue();
        using Generator a = new(5, CUDA), b = new(5, CUDA);
        rand(10, device: CUDA, generator: a).Equals(rand(10, device: CUDA, generator: b)).Should().BeTrue();
        y.half().matmul(y.half()).dtype.Should().Be(ScalarType.Float16);
    }
}
