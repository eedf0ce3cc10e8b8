using Vrp.Builder.World;
using Vrp.Builder.World.Building;
using Vrp.Models;

namespace Vrp.Builder.Tests;

public class WorldFolderTests
{
    static readonly WorldRelease small = WorldRelease.Build(WorldSettings.Shipped with { CorpusScenes = 300 }, seed: 3, images: 40);

    [Fact]
    public void Differences_FreshFolder_AreNone()
    {
        using var folder = new TemporaryFolder();
        new WorldFolder(folder.Path).Write(small).Should().BePositive();
        new WorldFolder(folder.Path).Differences(small).Should().BeEmpty();
        new WorldFolder(folder.Path).Differences(WorldRelease.Build(WorldSettings.Shipped with { CorpusScenes = 300 }, seed: 3, images: 40)).Should().BeEmpty();
    }

    [Fact]
    public void Differences_ChangedMissingAndStrangeFiles_AreAllNamed()
    {
        using var folder = new TemporaryFolder();
        new WorldFolder(folder.Path).Write(small);
        File.AppendAllText(folder.At("counting.jsonl"), "{}\n");
        File.Delete(folder.At("open.jsonl"));
        File.Copy(folder.At("images/world_0001.png"), folder.At("images/world_0002.png"), overwrite: true);
        File.Copy(folder.At("images/world_0001.png"), folder.At("images/world_9999.png"));

        var differences = new WorldFolder(folder.Path).Differences(small);
        differences.Should().HaveCount(4);
        differences.Should().ContainSingle(d => d.StartsWith("counting.jsonl: differs"));
        differences.Should().ContainSingle(d => d == "open.jsonl: missing");
        differences.Should().ContainSingle(d => d.StartsWith("images/world_0002.png: ") && d.Contains(small.Scenes[1].PixelHash));
        differences.Should().ContainSingle(d => d == "images/world_9999.png: not part of the data set");
    }

    [Fact]
    public void Build_OtherSeed_GivesOtherImages() =>
        WorldRelease.Build(WorldSettings.Shipped with { CorpusScenes = 300 }, seed: 4,
            images: 40).Scenes.Select(s => s.PixelHash).Should().NotIntersectWith(small.Scenes.Select(s => s.PixelHash));

    [Fact]
    public void Write_UnwritableFolder_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("taken", "x");
        var write = () => new WorldFolder(file).Write(small);
        write.Should().Throw<VrpException>().WithMessage("*cannot write to*--out*");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, -1)]
    public void Build_ImpossibleSize_IsRefused(int images, int seed)
    {
        var build = () => WorldRelease.Build(WorldSettings.Shipped, seed, images);
        build.Should().Throw<VrpException>();
    }
}
