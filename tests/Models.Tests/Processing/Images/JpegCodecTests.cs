using Vrp.Models.Processing.Images;

namespace Vrp.Models.Tests.Processing.Images;

public sealed class JpegCodecTests
{
    // A soft gradient, which JPEG keeps well at any subsampling.
    static RgbImage Gradient(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                image.Row(y)[3 * x] = (byte)(40 + 100 * x / width);
                image.Row(y)[3 * x + 1] = (byte)(60 + 100 * y / height);
                image.Row(y)[3 * x + 2] = 120;
            }

        return image;
    }

    [Theory]
    [InlineData(ChromaSubsampling.None)]
    [InlineData(ChromaSubsampling.Horizontal)]
    [InlineData(ChromaSubsampling.Both)]
    public void Encode_ASoftPicture_ComesBackWithinAFewUnits(ChromaSubsampling subsampling)
    {
        var image = Gradient(61, 43);

        byte[] file = JpegCodec.Encode(image, 95, subsampling);
        var decoded = JpegCodec.Decode(file);

        (decoded.Width, decoded.Height).Should().Be((61, 43));
        decoded.Pixels.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThanOrEqualTo(6, "quality 95 quantises by at most a few units");
        JpegCodec.Encode(image, 95, subsampling).Should().Equal(file, "the same pixels must give the same bytes");
    }

    [Fact]
    public void Encode_Quality_TradesBytesForPrecision()
    {
        var photo = ImageFile.Read(ImageGoldens.Photos.First());

        JpegCodec.Encode(photo, 95).Length.Should().BeGreaterThan(2 * JpegCodec.Encode(photo, 30).Length);
        JpegCodec.Encode(photo, 90, ChromaSubsampling.None).Length.Should().BeGreaterThan(JpegCodec.Encode(photo, 90).Length);
    }

    [Fact]
    public void Encode_QualityOutOfRangeOrTooLarge_IsRefused()
    {
        var zero = () => JpegCodec.Encode(new RgbImage(1, 1), 0);
        var tall = () => JpegCodec.Encode(new RgbImage(1, 66_000));

        zero.Should().Throw<ArgumentOutOfRangeException>();
        tall.Should().Throw<ImageException>().WithMessage("*1 x 66000*65,500*");
    }

    [Fact]
    public void Decode_CutAnywhere_IsRefused()
    {
        byte[] file = JpegCodec.Encode(Gradient(40, 30), 80);
        for (int length = 3; length < file.Length; length++)
        {
            var decode = () => JpegCodec.Decode(file[..length], "cut.jpg");
            decode.Should().Throw<CorruptImageException>($"{length} of {file.Length} bytes are not the whole file").WithMessage("cut.jpg: *truncated*");
        }
    }

    [Fact]
    public void Decode_EndMarkerAfterMissingData_IsRefused()
    {
        byte[] file = JpegCodec.Encode(Gradient(40, 30), 80);
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

        var decode = () => JpegCodec.Decode([.. file[..(scan + 20)], 0xFF, 0xD9], "cut.jpg");

        decode.Should().Throw<CorruptImageException>().WithMessage("cut.jpg: *premature end*");
    }

    [Fact]
    public void Decode_StrayBytesBetweenSegmentsAndAfterTheEnd_AreReadOver()
    {
        byte[] file = JpegCodec.Encode(Gradient(20, 20), 80);
        int second = 2 + 2 + (file[4] << 8 | file[5]);         // after SOI and APP0

        JpegCodec.Decode([.. file[..second], 1, 2, 3, .. file[second..], 9, 9]).Pixels.Should().Equal(JpegCodec.Decode(file).Pixels);
    }

    [Theory]
    [InlineData(0, 0xC3, "SOF3")]       // lossless
    [InlineData(4, 12, "12 bits")]
    [InlineData(9, 2, "2 components")]
    public void Decode_AnotherKindOfJpeg_IsNamed(int offset, byte value, string named)
    {
        byte[] file = JpegCodec.Encode(Gradient(20, 20), 80);
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file[frame + (offset == 0 ? 1 : offset)] = value;

        var decode = () => JpegCodec.Decode(file, "odd.jpg");

        decode.Should().Throw<UnsupportedImageException>().WithMessage($"odd.jpg: *{named}*");
    }

    [Fact]
    public void Decode_HeaderOfABomb_IsRefusedBeforeAllocation()
    {
        byte[] file = JpegCodec.Encode(Gradient(20, 20), 80);
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file[frame + 5] = file[frame + 7] = 0xFF;
        long before = GC.GetAllocatedBytesForCurrentThread();

        var decode = () => JpegCodec.Decode(file, "bomb.jpg");

        decode.Should().Throw<ImageTooLargeException>().WithMessage("bomb.jpg: *65300 x 65300*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
    }

    [Fact]
    public void Decode_EndlessScans_IsRefused()
    {
        byte[] file = JpegCodec.Encode(Gradient(20, 20), 80);
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] scans = [.. Enumerable.Repeat(file[scan..^2], 501).SelectMany(s => s)];

        var decode = () => JpegCodec.Decode([.. file[..scan], .. scans, 0xFF, 0xD9], "slow.jpg");

        decode.Should().Throw<ImageTooLargeException>().WithMessage("slow.jpg: *500 scans*");
    }

    [Fact]
    public void TurboJpegMissingException_Message_GivesTheCommand() =>
        new TurboJpegMissingException(["libturbojpeg.so.0"]).Message.Should().Contain("libturbojpeg.so.0").And.Contain("apt-get install -y libturbojpeg0");
}
