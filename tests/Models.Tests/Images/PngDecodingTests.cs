using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

public sealed class PngDecodingTests
{
    public static TheoryData<int, int, bool> Kinds()
    {
        var kinds = new TheoryData<int, int, bool>();
        foreach (var (color, depths) in ((int, int[])[])[(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
            foreach (var depth in depths)
                foreach (var interlaced in (bool[])[false, true])
                    kinds.Add(color, depth, interlaced);
        return kinds;
    }

    // The expected bytes are Pillow's rules for convert("RGB"), checked beside Pillow 9.4 on 360 random files of all these kinds.
    [Theory, MemberData(nameof(Kinds))]
    public void Decode_EveryKindAndManySizes_FollowsPillow(int color, int depth, bool interlaced)
    {
        var random = new Random(color * 100 + depth);
        var channels = color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        foreach (var (width, height) in ((int, int)[])[(1, 1), (2, 3), (4, 1), (1, 9), (5, 5), (8, 8), (9, 17), (23, 6)])
        {
            // Half of the values small, so that 16-bit gray is met below its clip, too.
            int Sample() => random.Next(2) == 0 ? random.Next(1 << depth) : random.Next(Math.Min(1 << depth, 256));
            int[] Pixel() => [.. Enumerable.Range(0, channels).Select(_ => Sample())];
            int[][][] samples = [.. Enumerable.Range(0, height).Select(_ => Enumerable.Range(0, width).Select(_ => Pixel()).ToArray())];
            var palette = color == 3 ? new byte[3 * Math.Max(1, (1 << depth) - 1)] : null;       // the last index lies beyond it
            if (palette is not null) random.NextBytes(palette);

            var image = ImageFile.Decode(PngBytes.Of(samples, depth, color, interlaced, palette));

            byte[] expected = [.. samples.SelectMany(row => row).SelectMany(pixel => Expected(pixel, depth, color, palette))];
            (image.Width, image.Height).Should().Be((width, height));
            image.Pixels.Should().Equal(expected);
        }
    }

    static byte[] Expected(int[] pixel, int depth, int color, byte[]? palette)
    {
        if (color == 3) return pixel[0] * 3 < palette!.Length ? palette[(pixel[0] * 3)..(pixel[0] * 3 + 3)] : [0, 0, 0];
        byte[] bytes = [.. pixel.Select(s => (byte)(depth == 16 ? s >> 8 : s * (255 / ((1 << depth) - 1))))];
        if (color == 0 && depth == 16) bytes = [(byte)Math.Min(pixel[0], 255)];
        return color is 2 or 6 ? bytes[..3] : [bytes[0], bytes[0], bytes[0]];
    }

    // Pillow holds 16-bit gray as integers and clips them at 255 when it converts; a transparent colour beside it changes no pixel.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_SixteenBitGray_IsClippedAndNotShifted(bool transparentColor)
    {
        int[] grays = [0, 1, 127, 254, 255, 256, 257, 4096, 65535];
        byte[][] chunks = transparentColor ? [PngBytes.Chunk("tRNS", [0, 127])] : [];

        var (image, traits) = ImageFile.DecodeWithTraits(PngBytes.Of([[.. grays.Select(gray => (int[])[gray])]], 16, 0, interlaced: false, null, chunks));

        image.Pixels.Where((_, i) => i % 3 == 0).Should().Equal(0, 1, 127, 254, 255, 255, 255, 255, 255);
        traits.Should().Be(new ImageTraits("PNG", 1, transparentColor, SixteenBit: true));
    }

    [Fact]
    public void Decode_SixteenBitGrayOfEveryValue_IsExact()
    {
        int[][][] samples = [.. Enumerable.Range(0, 256).Select(y => Enumerable.Range(0, 256).Select(x => (int[])[256 * y + x]).ToArray())];

        var image = ImageFile.Decode(PngBytes.Of(samples, 16, 0, interlaced: false));

        image.Pixels.Where((_, i) => i % 3 == 0).Should().Equal(Enumerable.Range(0, 65536).Select(gray => (byte)Math.Min(gray, 255)));
    }

    [Theory]
    [InlineData(6, 8, 255, false)]
    [InlineData(6, 8, 254, true)]
    [InlineData(4, 8, 0, true)]
    [InlineData(6, 16, 65535, false)]
    [InlineData(6, 16, 0, true)]
    public void Decode_AlphaChannel_IsDroppedAndCountsOnlyWhereItIsUsed(int color, int depth, int alpha, bool transparent)
    {
        int[] colors = color == 6 ? [200 << (depth - 8), 100 << (depth - 8), 50 << (depth - 8)] : [200 << (depth - 8)];

        var (image, traits) = ImageFile.DecodeWithTraits(PngBytes.Of([[[.. colors, alpha]]], depth, color, interlaced: false));

        image.Pixels.Should().Equal(color == 6 ? [200, 100, 50] : [200, 200, 200], "the colour under alpha is kept, not blended");
        traits.Should().Be(new ImageTraits("PNG", 1, transparent, depth == 16));
    }

    [Fact]
    public void Decode_TransparentPaletteEntry_KeepsItsColor()
    {
        var file = PngBytes.Of([[[0], [1]]], 8, 3, interlaced: false, [10, 20, 30, 40, 50, 60]);
        var data = file.AsSpan().IndexOf("IDAT"u8) - 4;

        var (image, traits) = ImageFile.DecodeWithTraits([.. file[..data], .. PngBytes.Chunk("tRNS", [0]), .. file[data..]]);

        image.Pixels.Should().Equal(10, 20, 30, 40, 50, 60);
        traits.Transparent.Should().BeTrue();
    }

    [Fact]
    public void Decode_OrientationInAnExifChunk_IsReportedAndAppliedWhenAsked()
    {
        var file = PngBytes.Of([[[1, 1, 1], [2, 2, 2]]], 8, 2, interlaced: false, null, PngBytes.Chunk("eXIf", ExifBytes.Tiff(6)));

        ImageFile.DecodeWithTraits(file).Traits.Orientation.Should().Be(6);
        ImageFile.Decode(file, exif: ExifRule.Transpose).Height.Should().Be(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_CutAnywhere_IsRefused(bool interlaced)
    {
        int[][][] samples = [.. Enumerable.Range(0, 9).Select(y => Enumerable.Range(0, 11).Select(x => (int[])[x * 20, y * 20, x * y]).ToArray())];
        var file = PngBytes.Of(samples, 8, 2, interlaced);
        for (var length = PngBytes.Signature.Length; length < file.Length; length++)
        {
            var decode = () => ImageFile.Decode(file[..length], "cut.png");
            decode.Should().Throw<CorruptImageException>($"{length} of {file.Length} bytes are not the whole file").WithMessage("cut.png: *");
        }
    }

    [Fact]
    public void Decode_SplitAndEmptyDataChunksAndAncillaryChunks_AreRead()
    {
        var data = PngBytes.Compress([0, 10, 20, 30, 0, 40, 50, 60]);
        byte[] file = [.. PngBytes.Signature, .. PngBytes.Header(1, 2), .. PngBytes.Chunk("tEXt", [65, 0, 66]), .. PngBytes.Chunk("IDAT", data[..3]),
            .. PngBytes.Chunk("IDAT", []), .. PngBytes.Chunk("IDAT", data[3..]), .. PngBytes.Chunk("tIME", new byte[7]), .. PngBytes.Chunk("IEND", []), 1, 2,
                3];

        ImageFile.Decode(file).Pixels.Should().Equal(10, 20, 30, 40, 50, 60);
    }

    static byte[] File(params byte[][] chunks) => [.. PngBytes.Signature, .. chunks.SelectMany(c => c)];

    static readonly byte[] Header = PngBytes.Header(1, 2), Data = PngBytes.Data([0, 1, 2, 3, 0, 4, 5, 6]), End = PngBytes.Chunk("IEND", []);

    public static TheoryData<string, byte[]> BrokenFrames() => new()
    {
        { "ends before its IEND", File(Header, Data) },
        { "truncated, its chunk at byte 33", File(Header, Data[..^5]) },
        { "begin with an IHDR", File(Data, Header, End) },
        { "IHDR chunk of 13", File(PngBytes.Chunk("IHDR", new byte[12]), Data, End) },
        { "no IDAT", File(Header, End) },
        { "0 x 2", File(PngBytes.Header(0, 2), Data, End) },
        { "cannot hold the", File(PngBytes.Header(10_000, 10_000), Data, End) },
    };

    [Theory, MemberData(nameof(BrokenFrames))]
    public void Decode_BrokenFrame_SaysWhat(string problem, byte[] file)
    {
        var decode = () => ImageFile.Decode(file, "x.png");

        decode.Should().Throw<CorruptImageException>().WithMessage($"x.png: *{problem}*");
    }

    public static TheoryData<string, byte[]> BrokenContents()
    {
        byte[] wrongSum = PngBytes.Compress([0, 1, 2, 3, 0, 4, 5, 6]), wrongCrc = [.. Data];
        wrongSum[^1] ^= 1;
        wrongCrc[^1] ^= 1;
        return new()
        {
            { "chunk's checksum", File(Header, wrongCrc, End) },
            { "zlib's checksum", File(Header, PngBytes.Chunk("IDAT", wrongSum), End) },
            { "no zlib data", File(Header, PngBytes.Chunk("IDAT", [1, 2, 3, 4]), End) },
            { "rows missing", File(Header, PngBytes.Data([0, 1, 2, 3, 0, 4]), End) },
            { "no palette", File(PngBytes.Header(1, 2, 8, 3), PngBytes.Data([0, 1, 0, 2]), End) },
            { "palette of 4 bytes", File(PngBytes.Header(1, 2, 8, 3), PngBytes.Chunk("PLTE", new byte[4]), PngBytes.Data([0, 1, 0, 2]), End) },
            { "filter 5", File(Header, PngBytes.Data([5, 1, 2, 3, 0, 4, 5, 6]), End) },
            { "RGB with 4 bits", File(PngBytes.Header(1, 2, 4, 2), Data, End) },
            { "colour type 5", File(PngBytes.Header(1, 2, 8, 5), Data, End) },
            { "interlace 2", File(PngBytes.Header(1, 2, interlace: 2), Data, End) },
        };
    }

    [Theory, MemberData(nameof(BrokenContents))]
    public void Decode_BrokenContent_IsRefused(string what, byte[] file)
    {
        var decode = () => ImageFile.Decode(file, "x.png");

        decode.Should().Throw<CorruptImageException>(what).WithMessage("x.png: not a readable PNG file*");
    }

    [Fact]
    public void Decode_HeaderOfABomb_IsRefusedBeforeAllocation()
    {
        byte[] file = [.. PngBytes.Signature, .. PngBytes.Header(100_000, 100_000), .. PngBytes.Data(new byte[1000]), .. PngBytes.Chunk("IEND", [])];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var decode = () => ImageFile.Decode(file, "bomb.png");

        decode.Should().Throw<ImageTooLargeException>().WithMessage("bomb.png: *100000 x 100000*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
    }
}
