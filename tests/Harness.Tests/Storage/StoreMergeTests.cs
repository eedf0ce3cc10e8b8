using Vrp.Harness.Storage;

namespace Vrp.Harness.Tests.Storage;

public sealed class StoreMergeTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string[] Shards(int count) => [.. Enumerable.Range(1, count).Select(i =>
    {
        var at = folder.At($"shard-{count}-{i}");
        StoreFiles.Filled(at, new Shard(i, count).BlocksOf(StoreFiles.Blocks));
        return at;
    })];

    [Theory, InlineData(1), InlineData(2), InlineData(5), InlineData(6)]
    public void Run_AllShards_GivesTheBytesOfOneRun(int count)
    {
        StoreFiles.Filled(folder.At("whole"), ..);

        StoreMerge.Run(Shards(count), folder.At("merged"));

        StoreFiles.Content(folder.At("merged")).Should().Equal(StoreFiles.Content(folder.At("whole")));
    }

    [Fact]
    public void Run_MissingShard_NamesItsBlocks() => FluentActions.Invoking(() => StoreMerge.Run(Shards(3)[..2], folder.At("merged")))
        .Should().Throw<MissingShardException>().WithMessage("2 of 6 blocks*4-5*questions from 12*");

    [Fact]
    public void Run_PartNotThere_NamesThePartAndTheCommandThatFillsIt()
    {
        var shards = Shards(3);
        foreach (var i in new[] { 0, 1 }) WriteStatus(shards[i], new Shard(i + 1, 3));
        FluentActions.Invoking(() => StoreMerge.Run(shards[..2], folder.At("merged"))).Should().Throw<MissingShardException>()
            .WithMessage("2 of 6 blocks*part 3/3 is not here*`vrp trace … --shard 3/3 --out FOLDER`*");
    }

    [Fact]
    public void Run_PartNotFinished_NamesItsFolder()
    {
        var shards = Shards(3);
        for (var i = 0; i < 3; i++) WriteStatus(shards[i], new Shard(i + 1, 3));
        File.Delete(BlockStore.FindAll(shards[1])[0].RecordsPath(3));
        FluentActions.Invoking(() => StoreMerge.Run(shards, folder.At("merged"))).Should().Throw<MissingShardException>()
            .WithMessage($"1 of 6 blocks*part 2/3 is not finished: `vrp trace … --shard 2/3 --out {shards[1]}` goes on with it*");
    }

    static void WriteStatus(string run, Shard shard) =>
        new StatusFile(BlockStore.FindAll(run)[0].Folder, "trace", shard, StoreFiles.Samples, null).Write(0, 0, "running");

    /// <summary>The stage is a part of the path that is written to, and the key that guards it is computed from the manifest itself.</summary>
    [Theory]
    [InlineData("../../climbed")]
    [InlineData("/tmp/climbed")]
    [InlineData("noise")]
    public void Run_StageThatNoShardHas_IsRefusedAndNothingIsWritten(string stage)
    {
        string shard = Shards(1)[0], store = BlockStore.FindAll(shard)[0].Folder, manifest = Path.Combine(store, BlockStore.ManifestFile);
        var forged = Json.Parse<StoreManifest>(File.ReadAllBytes(manifest), manifest) with { Stage = stage };
        File.WriteAllBytes(manifest, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(forged with { Key = forged.RunKey().Hash }, Json.Indented));
        FluentActions.Invoking(() => StoreMerge.Run([shard], folder.At("merged"))).Should().Throw<StoreException>()
            .WithMessage("*expected trace or intervene*");
        Directory.Exists(folder.At("merged")).Should().BeFalse();
    }

    /// <summary>What a merge copies is uploaded: neither through a link nor under a name that no stage writes does another file get there.</summary>
    [Fact]
    public void Run_CompanionThatIsALinkOrUnknown_DoesNotReachTheMergedFolder()
    {
        string shard = Shards(1)[0], store = BlockStore.FindAll(shard)[0].Folder;
        File.WriteAllText(folder.At("secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(store, "x.json"), folder.At("secret"));
        StoreMerge.Run([shard], folder.At("merged"));
        Directory.GetFiles(folder.At("merged"), "x.json", SearchOption.AllDirectories).Should().BeEmpty();

        File.CreateSymbolicLink(Path.Combine(store, "plan.json"), folder.At("secret"));
        FluentActions.Invoking(() => StoreMerge.Run([shard], folder.At("again"))).Should().Throw<StoreException>().WithMessage("*plan.json is a link*");
    }

    [Fact]
    public void Run_ShardGivenTwice_IsRefused()
    {
        var shards = Shards(2);
        FluentActions.Invoking(() => StoreMerge.Run([.. shards, shards[0]], folder.At("merged"))).Should().Throw<DuplicateShardException>()
            .WithMessage("Block 0*Name every shard once*");
    }

    [Fact]
    public void Run_ShardOfAnotherModel_NamesTheDifference()
    {
        var shards = Shards(2);
        StoreFiles.Filled(folder.At("foreign"), 3.., weights: "b");
        FluentActions.Invoking(() => StoreMerge.Run([shards[0], folder.At("foreign")], folder.At("merged")))
            .Should().Throw<ForeignShardException>().WithMessage("*model.weights: a and b*");
    }

    [Fact]
    public void Run_DamagedBlock_IsNotCopied()
    {
        var shards = Shards(2);
        File.AppendAllText(BlockStore.FindAll(shards[1])[0].TensorsPath(4), "x");
        FluentActions.Invoking(() => StoreMerge.Run(shards, folder.At("merged"))).Should().Throw<StoreException>().WithMessage("Block 4*Run that shard again*");
    }

    [Fact]
    public void Run_FolderWithoutResults_SaysWhatToName() => FluentActions.Invoking(() => StoreMerge.Run([folder.Path], folder.At("merged")))
        .Should().Throw<StoreException>().WithMessage("*holds no results*--out*");
}
