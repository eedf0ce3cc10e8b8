using FsCheck.Xunit;
using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

public sealed class ImageResizerTests
{
    static RgbImage Noise(Random random, int width, int height)
    {
        var image = new RgbImage(width, height);
        random.NextBytes(image.Pixels);
        return image;
    }

    [Property(MaxTest = 150)]
    public void Resize_AnySizesAndFilter_EqualsThePlainForm(int seed)
    {
        var random = new Random(seed);
        var image = Noise(random, random.Next(1, 70), random.Next(1, 70));
        int width = random.Next(1, 70), height = random.Next(1, 70);
        foreach (var filter in Enum.GetValues<Resample>().Where(f => f != Resample.Nearest))
            ImageResizer.Resize(image, width, height, filter).Pixels.Should().Equal(PlainResizer.Resize(image, width, height, filter).Pixels, "{0} {1}x{2}",
                filter, width, height);
    }

    [Fact]
    public void Resize_SameSize_IsTheImageItself()
    {
        var image = Noise(new Random(1), 7, 5);

        ImageResizer.Resize(image, 7, 5).Should().BeSameAs(image);
    }

    [Theory, MemberData(nameof(Filters))]
    public void Resize_OneColour_KeepsIt(Resample filter)
    {
        var image = new RgbImage(9, 4);
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)(i % 3 * 100 + 55);

        // Rounded weights may not add up to exactly one, but lie within half a unit of it.
        foreach (var (width, height) in ((int, int)[])[(1, 1), (50, 3), (4, 40), (9, 2), (3, 4)])
            ImageResizer.Resize(image, width, height, filter).Pixels.Should().Equal(Enumerable.Range(0,
                width * height * 3).Select(i => (byte)(i % 3 * 100 + 55)));
    }

    // Pillow 9.4: Image.fromarray(numpy.arange(10, 250, 30, uint8)[None, :, None].repeat(3, 2)).resize((3, 1), FILTER)
    [Theory]
    [InlineData(Resample.Nearest, 40, 130, 190)]
    [InlineData(Resample.Box, 40, 115, 190)]
    [InlineData(Resample.Bilinear, 43, 115, 187)]
    [InlineData(Resample.Hamming, 38, 115, 192)]
    [InlineData(Resample.Bicubic, 37, 115, 193)]
    [InlineData(Resample.Lanczos, 34, 115, 196)]
    public void Resize_EightStepsToThree_EqualsPillow(Resample filter, byte first, byte second, byte third)
    {
        var image = new RgbImage(8, 1, [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Repeat((byte)(10 + 30 * i), 3))]);

        ImageResizer.Resize(image, 3, 1, filter).Pixels.Should().Equal(first, first, first, second, second, second, third, third, third);
    }

    // Orders that Pillow 13.0 was seen to take (only one of the two gives its bytes); see ImageResizer.ColumnsFirst.
    [Theory]
    [InlineData(29, 300, 56, 56, true)]
    [InlineData(29, 300, 28, 252, true)]
    [InlineData(400, 328, 84, 56, false)]
    [InlineData(2, 3, 56, 56, false)]
    [InlineData(402, 2, 56, 56, false)]
    [InlineData(451, 300, 224, 224, false)]
    public void ColumnsFirst_SizesSeenWithPillow13_IsItsOrder(int fromWidth, int fromHeight, int width, int height, bool expected) =>
        ImageResizer.ColumnsFirst(new RgbImage(fromWidth, fromHeight), width, height).Should().Be(expected);

    [Fact]
    public void Resize_ResultBeyondTheLimit_IsRefused()
    {
        var resize = () => ImageResizer.Resize(new RgbImage(1, 1000), 336, 336_000, limits: new ImageLimits(MaxPixels: 10_000_000));

        resize.Should().Throw<ImageTooLargeException>().WithMessage("*1 x 1000 pixels would become 336 x 336000*10000000*");
    }

    public static TheoryData<Resample> Filters() => [.. Enum.GetValues<Resample>()];
}
