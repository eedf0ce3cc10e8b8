using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

public sealed class JpegDecodingTests
{
    // A soft gradient, which JPEG keeps well at any subsampling.
    static RgbImage Gradient(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                image.Row(y)[3 * x] = (byte)(40 + 100 * x / width);
                image.Row(y)[3 * x + 1] = (byte)(60 + 100 * y / height);
                image.Row(y)[3 * x + 2] = 120;
            }

        return image;
    }

    static byte[] Jpeg(int width, int height) => ImageFile.EncodeJpeg(Gradient(width, height), 80);

    [Fact]
    public void EncodeJpeg_ASoftImage_ComesBackWithinAFewUnits()
    {
        var image = Gradient(61, 43);

        var file = ImageFile.EncodeJpeg(image, 95);
        var decoded = ImageFile.Decode(file);

        (decoded.Width, decoded.Height).Should().Be((61, 43));
        decoded.Pixels.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThanOrEqualTo(6, "quality 95 quantises by at most a few units");
        ImageFile.EncodeJpeg(image, 95).Should().Equal(file, "the same pixels must give the same bytes");
    }

    [Fact]
    public void EncodeJpeg_Quality_TradesBytesForPrecision()
    {
        var photo = ImageFile.Read(ImageGoldens.Photos.First());

        ImageFile.EncodeJpeg(photo, 95).Length.Should().BeGreaterThan(2 * ImageFile.EncodeJpeg(photo, 30).Length);
    }

    [Fact]
    public void EncodeJpeg_QualityOutOfRangeOrTooLarge_IsRefused()
    {
        var zero = () => ImageFile.EncodeJpeg(new RgbImage(1, 1), 0);
        var tall = () => ImageFile.EncodeJpeg(new RgbImage(1, 66_000), 80);

        zero.Should().Throw<ArgumentOutOfRangeException>();
        tall.Should().Throw<ImageException>().WithMessage("*1 x 66000*65,500*");
    }

    // Skia alone calls a good part of these a success, with pixels made up.
    [Fact]
    public void Decode_ProgressiveCutAnywhere_IsRefused()
    {
        var file = File.ReadAllBytes(ImageGoldens.PathOf("progressive.jpg"));
        for (var length = 3; length < file.Length; length++)
        {
            var decode = () => ImageFile.Decode(file[..length], "cut.jpg");
            decode.Should().Throw<CorruptImageException>($"{length} of {file.Length} bytes are not the whole file").WithMessage("cut.jpg: *truncated*");
        }
    }

    [Fact]
    public void Decode_CutAnywhere_IsRefused()
    {
        var file = Jpeg(40, 30);
        for (var length = 3; length < file.Length; length++)
        {
            var decode = () => ImageFile.Decode(file[..length], "cut.jpg");
            decode.Should().Throw<CorruptImageException>($"{length} of {file.Length} bytes are not the whole file").WithMessage("cut.jpg: *truncated*");
        }
    }

    [Fact]
    public void Decode_StrayBytesBetweenSegmentsAndAfterTheEnd_AreReadOver()
    {
        var file = Jpeg(20, 20);
        var second = 2 + 2 + (file[4] << 8 | file[5]);         // after SOI and APP0

        ImageFile.Decode([.. file[..second], 1, 2, 3, .. file[second..], 9, 9]).Pixels.Should().Equal(ImageFile.Decode(file).Pixels);
    }

    [Theory]
    [InlineData(0, 0xC3, "SOF3")]       // lossless
    [InlineData(4, 12, "12 bits")]
    [InlineData(9, 2, "2 components")]
    public void Decode_AnotherKindOfJpeg_IsNamed(int offset, byte value, string named)
    {
        var file = Jpeg(20, 20);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file[frame + (offset == 0 ? 1 : offset)] = value;

        var decode = () => ImageFile.Decode(file, "odd.jpg");

        decode.Should().Throw<UnsupportedImageException>().WithMessage($"odd.jpg: *{named}*");
    }

    [Fact]
    public void Decode_HeaderOfABomb_IsRefusedBeforeAllocation()
    {
        var file = Jpeg(20, 20);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file[frame + 5] = file[frame + 7] = 0xFF;
        var before = GC.GetAllocatedBytesForCurrentThread();

        var decode = () => ImageFile.Decode(file, "bomb.jpg");

        decode.Should().Throw<ImageTooLargeException>().WithMessage("bomb.jpg: *65300 x 65300*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
    }

    [Fact]
    public void Decode_EndlessScans_IsRefused()
    {
        var file = Jpeg(20, 20);
        var scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] scans = [.. Enumerable.Repeat(file[scan..^2], 501).SelectMany(s => s)];

        var decode = () => ImageFile.Decode([.. file[..scan], .. scans, 0xFF, 0xD9], "slow.jpg");

        decode.Should().Throw<ImageTooLargeException>().WithMessage("slow.jpg: *500 scans*");
    }

    [Fact]
    public void Decode_ManyScansOfALargeImage_IsRefusedAsAFewOfItAreNot()
    {
        var file = Jpeg(20, 20);
        var scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] Of(int scans) => [.. file[..scan], .. Enumerable.Repeat(file[scan..^2], scans).SelectMany(s => s), 0xFF, 0xD9];
        var limits = new ImageLimits(MaxPixels: 400);       // the image itself is as large as allowed

        var many = () => ImageFile.Decode(Of(11), "slow.jpg", limits: limits);

        many.Should().Throw<ImageTooLargeException>().WithMessage("slow.jpg: *11 scans of 400 pixels*4000 pixels*");
        ImageFile.Decode(file, limits: limits).Width.Should().Be(20);
    }

    [Theory]
    [InlineData(1, "abcdef")]
    [InlineData(2, "cbafed")]
    [InlineData(3, "fedcba")]
    [InlineData(4, "defabc")]
    [InlineData(5, "adbecf")]
    [InlineData(6, "daebfc")]
    [InlineData(7, "fcebda")]
    [InlineData(8, "cfbead")]
    public void Decode_Orientation_IsReportedAndAppliedWhenAsked(int orientation, string upright)
    {
        // Six flat blocks, a b c over d e f, far enough apart that the encoder cannot confuse them.
        var blocks = new RgbImage(48, 32);
        for (var y = 0; y < 32; y++)
            for (var x = 0; x < 48; x++) blocks.Row(y).Slice(3 * x, 3).Fill((byte)(20 + 40 * (y / 16 * 3 + x / 16)));
        var file = ExifBytes.Insert(ImageFile.EncodeJpeg(blocks, 95), orientation);

        var (stored, traits) = ImageFile.DecodeWithTraits(file);
        var (turned, same) = ImageFile.DecodeWithTraits(file, exif: ExifRule.Transpose);

        traits.Should().Be(new ImageTraits("JPEG", orientation, Transparent: false, SixteenBit: false)).And.Be(same);
        Letters(stored).Should().Be("abcdef");
        Letters(turned).Should().Be(upright);
        (turned.Width, turned.Height).Should().Be(orientation < 5 ? (48, 32) : (32, 48));

        static string Letters(RgbImage image) => string.Concat(from y in Enumerable.Range(0, image.Height / 16) from x in Enumerable.Range(0, image.Width / 16)
            select (char)('a' + (image.Row(16 * y + 8)[3 * (16 * x + 8)] - 20 + 20) / 40));
    }
}
