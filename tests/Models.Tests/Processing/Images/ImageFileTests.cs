using System.Security.Cryptography;
using Vrp.Models.Processing.Images;

namespace Vrp.Models.Tests.Processing.Images;

public sealed class ImageFileTests
{
    [Theory, MemberData(nameof(ImageGoldens.Pictures), MemberType = typeof(ImageGoldens))]
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
            string hash = ImageGoldens.Hash(file) ?? throw new InvalidOperationException($"{file} has neither decoded pixels nor a hash among the goldens.");
            Convert.ToHexStringLower(SHA256.HashData(image.Pixels)).Should().Be(hash);
        }
    }

    [Theory]
    [InlineData("GIF89a", "GIF")]
    [InlineData("RIFF\0\0\0\0WEBPVP8 ", "WebP")]
    [InlineData("BM\0\0\0\0", "BMP")]
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

    [Fact]
    public void Read_MissingFileOrFolder_NamesIt()
    {
        var missing = () => ImageFile.Read("no/such/picture.png");
        var folder = () => ImageFile.Read(Path.GetTempPath());

        missing.Should().Throw<ImageException>().WithMessage("no/such/picture.png: *cannot be read*");
        folder.Should().Throw<ImageException>().WithMessage($"{Path.GetTempPath()}: *cannot be read*");
    }

    [Fact]
    public void Decode_MorePixelsOrBytesThanAllowed_IsRefused()
    {
        foreach (byte[] file in (byte[][])[PngCodec.Encode(new RgbImage(20, 10)), JpegCodec.Encode(new RgbImage(20, 10))])
        {
            var pixels = () => ImageFile.Decode(file, "big", new ImageLimits(MaxPixels: 199));
            var side = () => ImageFile.Decode(file, "big", new ImageLimits(MaxSide: 19));
            var bytes = () => ImageFile.Decode(file, "big", new ImageLimits(MaxFileBytes: file.Length - 1));

            pixels.Should().Throw<ImageTooLargeException>().WithMessage("big: *20 x 10 = 200 pixels*199 pixels*");
            side.Should().Throw<ImageTooLargeException>().WithMessage("big: *20 x 10*19 on a side*");
            bytes.Should().Throw<ImageTooLargeException>().WithMessage($"big: *{file.Length} bytes*");
            ImageFile.Decode(file, "big", new ImageLimits(200, 20, file.Length)).Width.Should().Be(20);
        }
    }

    [Fact]
    public void Read_FileBeyondLimit_IsRefusedBeforeItIsRead()
    {
        string path = ImageGoldens.Photos.First();
        long length = new FileInfo(path).Length;

        var read = () => ImageFile.Read(path, new ImageLimits(MaxFileBytes: length - 1));

        read.Should().Throw<ImageTooLargeException>().WithMessage($"{path}: *{length} bytes*");
    }
}
