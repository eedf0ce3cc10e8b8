using Vrp.Builder.World;
using Vrp.Builder.World.Building;
using Vrp.Models.Images;

namespace Vrp.Builder.Tests;

public class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 33)]
    public void Encode_AnyImage_DecodesToTheSamePixels(int width, int height)
    {
        var random = new SplitMix64((ulong)width);
        var pixels = Enumerable.Range(0, width * height * 3).Select(i => (byte)(i % 5 == 0 ? random.Below(256) : i / 3)).ToArray();
        var decoded = ImageFile.Decode(PngWriter.Encode(new RgbImage(width, height, pixels)), "test");
        (decoded.Width, decoded.Height).Should().Be((width, height));
        decoded.Pixels.Should().Equal(pixels);
    }
}
