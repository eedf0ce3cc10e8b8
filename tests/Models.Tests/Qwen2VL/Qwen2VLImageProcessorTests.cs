using FsCheck.Xunit;
using Vrp.Models.Images;
using Vrp.Models.Qwen2VL;

namespace Vrp.Models.Tests.Qwen2VL;

public sealed class Qwen2VLImageProcessorTests
{
    const string Raw = """
        {"image_processor_type": "Qwen2VLImageProcessor", "do_resize": false, "do_rescale": false, "do_normalize": false, "patch_size": 2, "merge_size": 2,
         "temporal_patch_size": 2}
        """;

    static RgbImage Counting(int width, int height) => new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)i)]);

    [Fact]
    public void Process_Patches_LieInGroupsThatTheMergerTakes()
    {
        var image = Counting(8, 4);         // 4 x 2 patches, two groups side by side
        var result = ImageProcessor.FromJson(Raw).Process([image]);

        result.Shape.Should().Equal(8, 24);
        result.ImageGridThw.Should().Equal(1, 2, 4);
        (int X, int Y)[] order = [(0, 0), (2, 0), (0, 2), (2, 2), (4, 0), (6, 0), (4, 2), (6, 2)];
        byte Sample(int x, int y, int c) => image.Pixels[(y * 8 + x) * 3 + c];
        byte[] expected = [.. from patch in order
            from c in (int[])[0, 1, 2] from time in (int[])[0, 1] from row in (int[])[0, 1] from column in (int[])[0, 1]
            select Sample(patch.X + column, patch.Y + row, c)];
        result.Resized.Should().Equal(expected);
        result.PixelValues.Should().Equal(expected.Select(value => (float)value));
    }

    [Fact]
    public void Process_SeveralImages_FollowOneAnother()
    {
        var processor = ImageProcessor.FromJson(Raw);
        RgbImage[] images = [Counting(4, 4), Counting(8, 4)];

        var both = processor.Process(images);

        both.Shape.Should().Equal(12, 24);
        both.ImageGridThw.Should().Equal(1, 2, 2, 1, 2, 4);
        both.Resized.Should().Equal([.. processor.Process([images[0]]).Resized, .. processor.Process([images[1]]).Resized]);
    }

    [Fact]
    public void Process_NoResizeAndSizeNotAMultiple_IsRefused()
    {
        var process = () => ImageProcessor.FromJson(Raw).Process([Counting(6, 4)]);

        process.Should().Throw<ImageProcessingException>().WithMessage("*6 x 4*multiples of 4*");
    }

    // size.{shortest,longest}_edge, size.{min,max}_pixels and min_pixels/max_pixels are three spellings of the same bounds.
    [Theory]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "size": {"shortest_edge": 3136, "longest_edge": 6272}}""")]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "size": {"min_pixels": 3136, "max_pixels": 6272}}""")]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 3136, "max_pixels": 6272}""")]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "max_pixels": 6272, "size": {"shortest_edge": 3136, "longest_edge": 999999}}""")]
    public void FromJson_AnySpellingOfTheBounds_IsHonoured(string json) =>
        ImageProcessor.FromJson(json).Process([new RgbImage(512, 512)]).ImageGridThw.Should().Equal(1, 4, 4);

    // transformers 4.57.1: smart_resize(height, width, 28, 3136, 12845056)
    [Theory]
    [InlineData(512, 512, 504, 504)]
    [InlineData(640, 427, 644, 420)]
    [InlineData(14, 70, 28, 140)]
    [InlineData(42, 98, 56, 112)]
    [InlineData(1, 200, 28, 812)]
    [InlineData(8000, 6000, 4116, 3080)]
    public void SmartResize_Sizes_AreTransformers(int width, int height, int expectedWidth, int expectedHeight) =>
        SmartResize.Choose(width, height, 28, 3136, 12_845_056).Should().Be((expectedWidth, expectedHeight));

    [Property(MaxTest = 300)]
    public void SmartResize_AnySize_IsAMultipleWithinTheBounds(int seed)
    {
        var random = new Random(seed);
        int width = random.Next(1, 3000), height = Math.Max(random.Next(1, 3000), (width + 199) / 200);
        if (height > 200 * width) height = 200 * width;

        var (w, h) = SmartResize.Choose(width, height, 28, 3136, 1_003_520);

        (w % 28, h % 28).Should().Be((0, 0));
        (w * h).Should().BeGreaterThanOrEqualTo(3136);
        // One patch group is the least on a side, so only extreme shapes may pass the upper bound.
        (w * h <= 1_003_520 || w == 28 || h == 28).Should().BeTrue();
    }

    [Fact]
    public void SmartResize_AspectRatioBeyond200_SaysWhatTransformersSays()
    {
        var choose = () => SmartResize.Choose(601, 3, 28, 3136, 1_003_520);

        choose.Should().Throw<ImageProcessingException>().WithMessage("absolute aspect ratio must be smaller than 200, got 200.33333333333334*");
        SmartResize.Choose(600, 3, 28, 3136, 1_003_520).Should().Be((812, 28));
    }
}
