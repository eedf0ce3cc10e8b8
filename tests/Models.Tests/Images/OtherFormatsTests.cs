using System.Buffers.Binary;
using SkiaSharp;
using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

/// <summary>WebP, GIF and BMP, whose pixels Pillow reads alike (WebP by the same libwebp).</summary>
public sealed class OtherFormatsTests
{
    static readonly byte[] Palette = [255, 0, 0, 0, 255, 0, 0, 0, 255, 250, 240, 230];

    [Fact]
    public void Decode_LosslessWebP_IsTheImageWithoutItsAlpha()
    {
        byte[] pixels = [200, 100, 50, 255, 1, 2, 3, 128, 250, 0, 9, 255, 4, 5, 6, 254];

        var (image, traits) = ImageFile.DecodeWithTraits(WebP(2, 2, pixels, SKWebpEncoderCompression.Lossless));

        image.Pixels.Should().Equal(200, 100, 50, 1, 2, 3, 250, 0, 9, 4, 5, 6);
        traits.Should().Be(new ImageTraits("WebP", 1, Transparent: true, SixteenBit: false));
    }

    [Fact]
    public void Decode_OrientationInAWebP_IsReportedAndAppliedWhenAsked()
    {
        byte[] plain = WebP(2, 1, [1, 1, 1, 255, 2, 2, 2, 255], SKWebpEncoderCompression.Lossless), exif = ExifBytes.Tiff(6);
        // The extended form: a VP8X chunk that announces EXIF data, the image's own chunk, the data.
        byte[] body = [.. "WEBPVP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, .. plain[12..], .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif];
        byte[] file = [.. "RIFF"u8, (byte)body.Length, 0, 0, 0, .. body];

        ImageFile.DecodeWithTraits(file).Traits.Should().Be(new ImageTraits("WebP", 6, Transparent: false, SixteenBit: false));
        ImageFile.Decode(file, exif: ExifRule.Transpose).Height.Should().Be(2);
    }

    [Fact]
    public void Decode_LossyWebP_IsNearTheImage()
    {
        byte[] pixels = [.. Enumerable.Range(0, 32 * 32).SelectMany(i => (byte[])[(byte)(100 + i % 32), (byte)(80 + i / 32), 120, 255])];

        var (image, traits) = ImageFile.DecodeWithTraits(WebP(32, 32, pixels, SKWebpEncoderCompression.Lossy));

        image.Pixels.Zip(pixels.Where((_, i) => i % 4 != 3), (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(12);
        traits.Should().Be(new ImageTraits("WebP", 1, Transparent: false, SixteenBit: false));
    }

    [Fact]
    public void Decode_Gif_IsItsFirstImage()
    {
        var file = Gif(2, 2, null, [0, 1, 2, 3], [3, 3, 3, 3]);

        var (image, traits) = ImageFile.DecodeWithTraits(file);

        image.Pixels.Should().Equal(Palette);
        traits.Should().Be(new ImageTraits("GIF", 1, Transparent: false, SixteenBit: false));
    }

    [Fact]
    public void Decode_GifWithATransparentColor_GivesThatColorOfThePalette()
    {
        var (image, traits) = ImageFile.DecodeWithTraits(Gif(2, 2, transparent: 3, [0, 1, 2, 3]));

        image.Pixels.Should().Equal(Palette);
        traits.Transparent.Should().BeTrue();
    }

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    public void Decode_Bmp_IsItsRowsFromTheBottom(int bits)
    {
        var (image, traits) = ImageFile.DecodeWithTraits(Bmp(2, 2, bits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));

        image.Pixels.Should().Equal(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        traits.Format.Should().Be("BMP");
    }

    public static TheoryData<string, byte[]> Files() => new()
    {
        { "WebP", WebP(16, 16, [.. Enumerable.Range(0, 16 * 16 * 4).Select(i => (byte)(i % 4 == 3 ? 255 : i * 7))], SKWebpEncoderCompression.Lossless) },
        { "WebP", WebP(16, 16, [.. Enumerable.Range(0, 16 * 16 * 4).Select(i => (byte)(i % 4 == 3 ? 255 : i * 7))], SKWebpEncoderCompression.Lossy) },
        { "GIF", Gif(16, 16, null, [.. Enumerable.Range(0, 256).Select(i => (byte)(i % 4))])[..^1] },       // what follows the image is no part of it
        { "BMP", Bmp(16, 16, 24, [.. Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)i)]) },
    };

    [Theory, MemberData(nameof(Files))]
    public void Decode_CutAnywhere_IsRefusedByName(string format, byte[] file)
    {
        ImageFile.Decode(file).Width.Should().Be(16, "the whole file is good");
        for (var length = 12; length < file.Length - 2; length++)
        {
            var decode = () => ImageFile.Decode(file[..length], "cut");
            decode.Should().Throw<ImageException>($"{length} of {file.Length} bytes are not the whole image").WithMessage($"cut: *{format}*");
        }
    }

    [Fact]
    public void Decode_HeaderOfABomb_IsRefusedBeforeAllocation()
    {
        byte[] bmp = Bmp(2, 2, 24, new byte[12]), gif = Gif(2, 2, null, [0, 1, 2, 3]);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 60_000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 60_000);
        gif.AsSpan(6, 4).Fill(0xFF);
        foreach (var (file, size) in ((byte[], string)[])[(bmp, "60000 x 60000"), (gif, "65535 x 65535")])
        {
            var before = Environment.WorkingSet;

            var decode = () => ImageFile.Decode(file, "bomb");

            decode.Should().Throw<ImageTooLargeException>().WithMessage($"bomb: *{size}*");
            (Environment.WorkingSet - before).Should().BeLessThan(200_000_000, "3.6 billion pixels take 14 GB");
        }
    }

    static unsafe byte[] WebP(int width, int height, byte[] rgba, SKWebpEncoderCompression compression)
    {
        fixed (byte* pixels = rgba)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null), (nint)pixels);
            using var file = pixmap.Encode(new SKWebpEncoderOptions(compression, compression == SKWebpEncoderCompression.Lossless ? 100 : 90));
            return file!.ToArray();
        }
    }

    /// <summary>A GIF of four colours. Codes have eight bits, as the table is cleared before it grows beyond them.</summary>
    static byte[] Gif(int width, int height, byte? transparent, params byte[][] images)
    {
        const byte Clear = 128, End = 129;
        byte[] size = [(byte)width, 0, (byte)height, 0];
        List<byte> file = [.. "GIF89a"u8, .. size, 0xF1, 0, 0, .. Palette];
        foreach (var image in images)
        {
            if (transparent is { } color) file.AddRange([0x21, 0xF9, 4, 1, 0, 0, color, 0]);
            byte[] codes = [.. image.Chunk(100).SelectMany(part => (byte[])[Clear, .. part]), End];
            file.AddRange([0x2C, 0, 0, 0, 0, .. size, 0, 7, .. codes.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]), 0]);
        }

        return [.. file, 0x3B];
    }

    static byte[] Bmp(int width, int height, int bits, byte[] rgb)
    {
        var stride = (width * bits / 8 + 3) / 4 * 4;
        var file = new byte[54 + stride * height];
        "BM"u8.CopyTo(file);
        void Number(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        (int, int)[] header = [(2, file.Length), (10, 54), (14, 40), (18, width), (22, height), (26, 1 | bits << 16), (34, stride * height)];
        foreach (var (at, value) in header) Number(at, value);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++)
                    file[54 + (height - 1 - y) * stride + x * bits / 8 + c] = rgb[(y * width + x) * 3 + 2 - c];
        return file;
    }
}
