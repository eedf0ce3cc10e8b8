using System.Security.Cryptography;
using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

public sealed class ImageFileTests
{
    [Theory, MemberData(nameof(ImageGoldens.Images), MemberType = typeof(ImageGoldens))]
    public void Read_EveryGolden_IsWhatPillowDecodes(string file)
    {
        var image = ImageGoldens.Read(file);

        if (ImageGoldens.Decoded(file) is var (shape, bytes))
        {
            shape.Should().Equal(image.Height, image.Width, 3);
            image.Pixels.AsSpan().SequenceEqual(bytes).Should().BeTrue("{0} must be bit-equal to Pillow's convert(\"RGB\")", file);
        }
        else
        {
            var hash = ImageGoldens.Hash(file) ?? throw new InvalidOperationException($"{file} has neither decoded pixels nor a hash among the goldens.");
            Convert.ToHexStringLower(SHA256.HashData(image.Pixels)).Should().Be(hash);
        }
    }

    [Theory]
    [InlineData("II*\0\u0008", "TIFF")]
    [InlineData("MM\0*\0", "TIFF")]
    [InlineData("\0\0\0\u0018ftypheic", "HEIC")]
    [InlineData("\0\0\0\u0018ftypavif", "AVIF")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "Git LFS pointer")]
    [InlineData("<svg xmlns=", "SVG")]
    [InlineData("", "empty file")]
    [InlineData("hello", "unknown format")]
    public void Decode_AnotherFormat_IsRefusedByName(string beginning, string name)
    {
        var decode = () => ImageFile.Decode([.. beginning.Select(c => (byte)c)], "cat.img");

        decode.Should().Throw<UnsupportedImageException>().WithMessage($"cat.img: *{name}*Convert it*");
    }

    [Theory]
    [InlineData("GIF89a", "GIF")]
    [InlineData("RIFF\0\0\0\0WEBPVP8 ", "WebP")]
    [InlineData("BM\0\0\0\0", "BMP")]
    public void Decode_BeginningAlone_IsRefusedByName(string beginning, string name)
    {
        var decode = () => ImageFile.Decode([.. beginning.Select(c => (byte)c)], "cat.img");

        decode.Should().Throw<CorruptImageException>().WithMessage($"cat.img: *{name} file*");
    }

    [Fact]
    public void Read_MissingFileOrFolder_NamesIt()
    {
        var missing = () => ImageFile.Read("no/such/image.png");
        var folder = () => ImageFile.Read(Path.GetTempPath());

        missing.Should().Throw<ImageException>().WithMessage("no/such/image.png: *cannot be read*");
        folder.Should().Throw<ImageException>().WithMessage($"{Path.GetTempPath()}: *cannot be read*");
    }

    [Fact]
    public void Decode_MorePixelsOrBytesThanAllowed_IsRefused()
    {
        int[][][] flat = [.. Enumerable.Repeat(Enumerable.Repeat<int[]>([1, 2, 3], 20).ToArray(), 10)];
        foreach (var file in (byte[][])[PngBytes.Of(flat, 8, 2, interlaced: false), ImageFile.EncodeJpeg(new RgbImage(20, 10), 90)])
        {
            var pixels = () => ImageFile.Decode(file, "big", limits: new ImageLimits(MaxPixels: 199));
            var side = () => ImageFile.Decode(file, "big", limits: new ImageLimits(MaxSide: 19));
            var bytes = () => ImageFile.Decode(file, "big", limits: new ImageLimits(MaxFileBytes: file.Length - 1));

            pixels.Should().Throw<ImageTooLargeException>().WithMessage("big: *20 x 10 = 200 pixels*199 pixels*");
            side.Should().Throw<ImageTooLargeException>().WithMessage("big: *20 x 10*19 on a side*");
            bytes.Should().Throw<ImageTooLargeException>().WithMessage($"big: *{file.Length} bytes*");
            ImageFile.Decode(file, "big", limits: new ImageLimits(200, 20, file.Length)).Width.Should().Be(20);
        }
    }

    [Fact]
    public void Read_FileBeyondLimit_IsRefusedBeforeItIsRead()
    {
        var path = ImageGoldens.Photos.First();
        var length = new FileInfo(path).Length;

        var read = () => ImageFile.Read(path, limits: new ImageLimits(MaxFileBytes: length - 1));

        read.Should().Throw<ImageTooLargeException>().WithMessage($"{path}: *{length} bytes*");
    }

    [Theory]
    [InlineData("exif_orientation6.jpg", 6, false, false)]
    [InlineData("rgba.png", 1, true, false)]
    [InlineData("la.png", 1, true, false)]
    [InlineData("palette_transparent.png", 1, true, false)]
    [InlineData("rgb16.png", 1, false, true)]
    [InlineData("rgb.png", 1, false, false)]
    public void ReadWithTraits_Golden_SaysWhatItCarries(string file, int orientation, bool transparent, bool sixteenBit)
    {
        var traits = ImageFile.ReadWithTraits(ImageGoldens.PathOf(file)).Traits;

        (traits.Orientation, traits.Transparent, traits.SixteenBit).Should().Be((orientation, transparent, sixteenBit));
    }

    // transpose of orientation 6 is PIL's ROTATE_270: the stored left column becomes the top row, read from the bottom.
    [Fact]
    public void Read_OrientationSixTransposed_IsTurnedToTheRight()
    {
        var path = ImageGoldens.PathOf("exif_orientation6.jpg");

        var (stored, turned) = (ImageFile.Read(path), ImageFile.Read(path, ExifRule.Transpose));

        (turned.Width, turned.Height).Should().Be((stored.Height, stored.Width));
        for (var x = 0; x < turned.Width; x++) turned.Row(0).Slice(3 * x, 3).SequenceEqual(stored.Row(stored.Height - 1 - x)[..3]).Should().BeTrue();
    }

    [Fact]
    public void Read_ManyLargeImagesAtOnce_AreDecodedOneAtATime()
    {
        // 17 megapixels of one bit: past the bound from which one is decoded at a time.
        var side = 4200;
        var raw = new byte[side * (1 + side / 8)];
        byte[] file = [.. PngBytes.Signature, .. PngBytes.Header(side, side, 1, 0), .. PngBytes.Data(raw), .. PngBytes.Chunk("IEND", [])];

        var sizes = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => ImageFile.Decode(file).Width).ToArray();

        sizes.Should().Equal(side, side, side, side);
    }

    /// <summary>Blocks are put together by it, before anything is decoded.</summary>
    [Theory, MemberData(nameof(ImageGoldens.Images), MemberType = typeof(ImageGoldens))]
    public void ReadSize_EveryGolden_IsTheDecodedSize(string file)
    {
        var image = ImageGoldens.Read(file);
        ImageFile.ReadSize(ImageGoldens.PathOf(file)).Should().Be((image.Width, image.Height));
    }

    [Fact]
    public void ReadSize_NoImage_SaysWhatReadSays()
    {
        var path = Goldens.At("images", "processed.json");
        var expected = FluentActions.Invoking(() => ImageFile.Read(path)).Should().Throw<ImageException>().Which.Message;
        FluentActions.Invoking(() => ImageFile.ReadSize(path)).Should().Throw<ImageException>().WithMessage(expected);
        FluentActions.Invoking(() => ImageFile.ReadSize(path + ".missing")).Should().Throw<ImageException>();
    }
}
