using Vrp.Builder.World;
using Vrp.Models;

namespace Vrp.Harness.Tests.Builder;

public class WorldSettingsTests
{
    static readonly string shipped = File.ReadAllText(Fixtures.At("Builder", "World", "world.json"));

    [Fact]
    public void Parse_ShippedFile_EqualsTheCompiledOne() =>
        WorldSettings.Parse(shipped, "file").Should().BeEquivalentTo(WorldSettings.Shipped);

    [Theory]
    [InlineData("\"star\": 26", "\"stern\": 26", "groups must hold each of star")]
    [InlineData("\"star\": 26", "\"star\": 0", "weights must be positive")]
    [InlineData("\"star\": \"yellow\"", "\"star\": \"pink\"", "preferredColours")]
    [InlineData("\"countShares\": [20, 35, 35, 10]", "\"countShares\": [20, 35, 35]", "countShares must be four percentages")]
    [InlineData("\"maximumObjects\": 6", "\"maximumObjects\": 9", "maximumObjects < 8")]
    [InlineData("\"noise\"", "\"nois\"", "nois")]
    [InlineData("\"size\": 112", "\"size\": \"big\"", "size")]
    public void Parse_WrongValue_SaysWhichAndWhereToLook(string was, string becomes, string reason)
    {
        shipped.Should().Contain(was);
        var parse = () => WorldSettings.Parse(shipped.Replace(was, becomes, StringComparison.Ordinal), "mine.json");
        parse.Should().Throw<VrpException>().WithMessage($"*mine.json*{reason}*world.json*");
    }
}
