using Vrp.Builder;

namespace Vrp.Builder.Tests;

public class WorldCommandTests
{
    static string[] Small(string command, string folder, string settings) =>
        ["world", command, "--seed", "5", "--images", "40", "--out", folder, "--settings", settings];

    [Fact]
    public async Task Build_ThenVerify_AgreesUntilAFileChanges()
    {
        using var folder = new TemporaryFolder();
        var settings = folder.Write("settings.json", File.ReadAllText(Fixtures.At("Builder", "World", "world.json")).Replace("\"corpusScenes\": 10000",
            "\"corpusScenes\": 200"));
        (await Program.Main(Small("build", folder.At("world"), settings))).Should().Be(0);
        (await Program.Main(Small("verify", folder.At("world"), settings))).Should().Be(0);
        File.WriteAllText(Path.Combine(folder.At("world"), "spatial.jsonl"), "");
        (await Program.Main(Small("verify", folder.At("world"), settings))).Should().Be(1);
    }

    [Theory]
    [InlineData("world", "build", "--colour")]
    [InlineData("world", "build", "--images", "many")]
    [InlineData("world", "build", "--images", "0")]
    [InlineData("world", "build", "--settings", "/no/such/file.json")]
    [InlineData("word")]
    public async Task Main_WrongUsage_Exits64(params string[] args) => (await Program.Main(args)).Should().Be(64);
}
