using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Tensors;

public sealed class ConversionTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void BFloat16_RoundsToNearestEven_AndHoldsTwoBytes()
    {
        // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7 and goes to the even one; 1 + 3·2^-8 goes up.
        var x = tensor(new[] { 1f, 1f + 1 / 256f, 1f + 3 / 256f, -2.5f }).to(bfloat16);

        x.ElementSize.Should().Be(2);
        x.bytes.ToArray().Should().Equal(0x80, 0x3F, 0x80, 0x3F, 0x82, 0x3F, 0x20, 0xC0);
        x.data<BFloat16>().ToArray().Select(v => v.ToSingle()).Should().Equal(1f, 1f, 1.015625f, -2.5f);
        x[3].ToSingle().Should().Be(-2.5f);
        new BFloat16(1f + 3 / 256f).Should().Be(x[2].item<BFloat16>());
    }

    [Fact]
    public void Half_HoldsTwoBytes()
    {
        var x = tensor(new[] { 1f, -2f, 65504f }).half();

        x.bytes.ToArray().Should().Equal(0x00, 0x3C, 0x00, 0xC0, 0xFF, 0x7B);
        x.data<Half>().ToArray().Should().Equal((Half)1, (Half)(-2), Half.MaxValue);
        x[1].item<Half>().Should().Be((Half)(-2));
    }

    [Theory]
    [InlineData(1.0f, 0x3F80)]
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(3.4e38f, 0x7F80)]
    [InlineData(-0.0f, 0x8000)]
    public void BFloat16_OfAFloat_IsLibtorchs(float value, int bits)
    {
        var expected = BFloat16.FromRawValue((ushort)bits);

        BitConverter.SingleToUInt32Bits(new BFloat16(value).ToSingle()).Should().Be(BitConverter.SingleToUInt32Bits(expected.ToSingle()));
        tensor(value).to(bfloat16).bytes.ToArray().Should().Equal((byte)bits, (byte)(bits >> 8));
    }

    [Fact]
    public void BFloat16_OfNaN_StaysNaN()
    {
        BFloat16.IsNaN(new BFloat16(BitConverter.UInt32BitsToSingle(0x7F800001))).Should().BeTrue();
        BFloat16.IsNaN((BFloat16)double.NaN).Should().BeTrue();
    }

    [Fact]
    public void To_TheSameType_IsANewObjectOverTheSameMemory()
    {
        var x = ones(3);
        var y = x.to(float32);
        var z = x.to(float32, copy: true);

        y.Should().NotBeSameAs(x);
        y.fill_(2);
        x[0].ToSingle().Should().Be(2);
        z[0].ToSingle().Should().Be(1);
    }

    [Fact]
    public void To_WithDisposeAfter_DisposesTheSource()
    {
        var x = ones(3);
        var y = x.to(int64, disposeAfter: true);

        x.IsInvalid.Should().BeTrue();
        y.data<long>().ToArray().Should().Equal(1, 1, 1);
    }

    [Fact]
    public void Bytes_SetOnAnEmptyTensor_AreItsValues()
    {
        var x = empty(2, dtype: bfloat16);
        x.bytes = new byte[] { 0x80, 0x3F, 0x00, 0x40 };

        x.to(float32).data<float>().ToArray().Should().Equal(1, 2);
        x.Invoking(t => t.bytes = new byte[3]).Should().Throw<ArgumentException>().WithMessage("*4 bytes, 3 were given*");
        ones(2, 3).t().Invoking(t => t.bytes.Length).Should().Throw<InvalidOperationException>().WithMessage("*non-contiguous*");
    }

    [Fact]
    public void BytesStreams_RoundTrip()
    {
        var x = rand(7, 5);
        var y = empty(7, 5);
        using var stream = new MemoryStream();
        x.WriteBytesToStream(stream);
        stream.Position = 0;

        y.ReadBytesFromStream(stream);

        y.Equals(x).Should().BeTrue();
    }

    [Fact]
    public void Casts_TruncateAndTestForZero()
    {
        var x = tensor(new[] { -1.7f, 0f, 2.9f });

        x.to(int64).data<long>().ToArray().Should().Equal(-1, 0, 2);
        x.@bool().data<bool>().ToArray().Should().Equal(true, false, true);
        x.clamp_min(0).@byte().data<byte>().ToArray().Should().Equal(0, 0, 2);
        x.@double().dtype.Should().Be(ScalarType.Float64);
        x.type_as(tensor(1L)).dtype.Should().Be(ScalarType.Int64);
    }

    [Fact]
    public void Scalars_KeepTheirKind()
    {
        ((Scalar)1).Type.Should().Be(ScalarType.Int64);
        ((Scalar)1.5f).Type.Should().Be(ScalarType.Float64);
        ((Scalar)true).Type.Should().Be(ScalarType.Bool);
        (tensor(new[] { 1L }) + 1).dtype.Should().Be(ScalarType.Int64);
        (tensor(new[] { 1L }) + 1.5).dtype.Should().Be(ScalarType.Float32);
        tensor(3L).ToScalar().Type.Should().Be(ScalarType.Int64);
        ((bool)tensor(true)).Should().BeTrue();
        ((int)tensor(3L)).Should().Be(3);
    }
}
