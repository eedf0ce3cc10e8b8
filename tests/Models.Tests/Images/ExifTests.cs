using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

public sealed class ExifTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    public void Orientation_EitherByteOrder_IsReadAndNoneThatDoesNotExist(int written, int read)
    {
        var big = ExifBytes.Tiff(written);
        byte[] little = [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 2, 0,
            0x00, 0x01, 3, 0, 1, 0, 0, 0, 7, 0, 0, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)written, 0, 0, 0];

        Exif.Orientation(big).Should().Be(read);
        Exif.Orientation(little).Should().Be(read, "an entry before it is passed over");
    }

    [Fact]
    public void Orientation_AnyPrefixOrWrongPlace_SaysNothing()
    {
        var whole = ExifBytes.Tiff(6);
        for (var length = 0; length < 8 + 2 + 12; length++) Exif.Orientation(whole.AsSpan(0, length)).Should().Be(1);

        whole[4] = 0xFF;         // the directory far beyond the end
        Exif.Orientation(whole).Should().Be(1);
    }
}
