using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Builder.World;
using Vrp.Models;

namespace Vrp.Builder.Tests;

public class WorldSettingsTests
{
    static readonly string shipped = File.ReadAllText(Fixtures.At("Builder", "World", "world.json"));

    [Fact]
    public void Parse_ShippedFile_EqualsTheCompiledOne() =>
        WorldSettings.Parse(shipped, "file").Should().BeEquivalentTo(WorldSettings.Shipped);

    [Theory]
    [InlineData("groups.sky.stern", "26", "groups must hold each of star")]
    [InlineData("groups.sky.star", "0", "weights must be positive")]
    [InlineData("preferredColours.star", "\"pink\"", "preferredColours must name a known colour")]
    [InlineData("countShares", "[20, 30, 50]", "countShares must be four percentages")]
    [InlineData("countWeights", "[1, 1, 0, 1]", "countWeights must be four positive numbers")]
    [InlineData("maximumObjects", "9", "maximumObjects < 8")]
    [InlineData("minimumCategories", "7", "minimumCategories must not exceed")]
    [InlineData("radii", "[60]", "radii must be at least 2 and fit")]
    [InlineData("maximumContrast", "300", "contrasts must lie in 1..256")]
    [InlineData("nois", "3", "nois")]
    [InlineData("size", "\"big\"", "size")]
    public void Parse_WrongValue_SaysWhichAndWhereToLook(string path, string value, string reason)
    {
        var root = JsonNode.Parse(shipped, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!;
        var keys = path.Split('.');
        var parent = keys[..^1].Aggregate(root, (node, key) => node[key]!);
        parent[keys[^1]] = JsonNode.Parse(value);

        var parse = () => WorldSettings.Parse(root.ToJsonString(), "mine.json");
        parse.Should().Throw<VrpException>().WithMessage($"*mine.json*{reason}*world.json*");
    }
}
