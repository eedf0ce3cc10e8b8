using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

public sealed class RgbImageTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void Constructor_NoPixels_IsRefused(int width, int height)
    {
        var create = () => new RgbImage(width, height, []);

        create.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Constructor_WrongLength_SaysHowManyBytes()
    {
        var create = () => new RgbImage(2, 3, new byte[17]);

        create.Should().Throw<ArgumentException>().WithMessage("2 x 3 pixels take 18 bytes; got 17.*");
    }

    [Fact]
    public void Row_Second_IsThatPartOfThePixels()
    {
        var image = new RgbImage(2, 2);
        image.Row(1)[0] = 9;

        image.Pixels.Should().Equal(0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0);
    }
}
