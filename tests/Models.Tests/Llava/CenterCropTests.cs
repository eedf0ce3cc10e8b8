using Vrp.Models.Images;
using Vrp.Models.Llava;

namespace Vrp.Models.Tests.Llava;

public sealed class CenterCropTests
{
    static RgbImage Row(params byte[] values) => new(values.Length, 1, [.. values.SelectMany(v => (byte[])[v, v, v])]);

    static byte[] Reds(RgbImage image) => [.. image.Pixels.Where((_, i) => i % 3 == 0)];

    // transformers 4.57.1: image_transforms.center_crop(numpy.array([[[1], [2], …]]), (1, width))
    [Theory]
    [InlineData(5, new byte[] { 1, 2, 3, 4, 5 })]
    [InlineData(4, new byte[] { 1, 2, 3, 4 })]
    [InlineData(3, new byte[] { 2, 3, 4 })]
    [InlineData(2, new byte[] { 2, 3 })]
    [InlineData(6, new byte[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(7, new byte[] { 0, 1, 2, 3, 4, 5, 0 })]
    [InlineData(8, new byte[] { 0, 0, 1, 2, 3, 4, 5, 0 })]
    public void Apply_OddAndEvenDifferences_FallAsInTransformers(int width, byte[] expected) =>
        Reds(CenterCrop.Apply(Row(1, 2, 3, 4, 5), width, 1)).Should().Equal(expected);

    [Fact]
    public void Apply_NarrowerAndTaller_CutsAndPads() =>
        Reds(CenterCrop.Apply(Row(1, 2, 3, 4), 2, 4)).Should().Equal(0, 0, 0, 0, 2, 3, 0, 0);
}
