using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Harness.Tests.Storage;
using Vrp.Models.Storage;

namespace Vrp.Harness.Tests.Running;

public sealed class StageRunTests : IDisposable
{
    readonly TemporaryFolder folder = new(), other = new();

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    static (StageSummary Summary, List<int> Computed) Run(BlockStore store, Shard? shard = null, Action<string>? warn = null,
        Func<string, Stream>? create = null)
    {
        var computed = new List<int>();
        var summary = new StageRun(store, shard ?? Shard.Whole, null, warn, create).Run(block =>
        {
            computed.Add(block);
            StoreFiles.Write(store, block);
        });
        return (summary, computed);
    }

    [Fact]
    public void Run_SomeBlocksThere_ComputesTheOthersOnly()
    {
        var (summary, computed) = Run(StoreFiles.Filled(folder.Path, 1..3));

        computed.Should().Equal(0, 3, 4, 5);
        (summary.Samples, summary.Computed).Should().Be((StoreFiles.Samples, 11));
        summary.Passes.Prompts.Should().Be(StoreFiles.Samples, "blocks of earlier runs count too");
        Run(StoreFiles.Create(folder.Path)).Computed.Should().BeEmpty();
    }

    [Fact]
    public void Run_DamagedBlock_IsDoneAgainWithAMessage()
    {
        var store = StoreFiles.Filled(folder.Path, ..);
        var before = StoreFiles.Content(folder.Path);
        File.WriteAllText(store.TensorsPath(2), "half");
        var warnings = new List<string>();

        var (_, computed) = Run(store, warn: warnings.Add);

        computed.Should().Equal(2);
        warnings.Should().ContainSingle().Which.Should().Contain("block 2 is done again").And.Contain("bytes");
        StoreFiles.Content(folder.Path).Should().Equal(before);
    }

    [Fact]
    public void Run_HalfWrittenFilesOfAKilledRun_AreRemoved()
    {
        var store = StoreFiles.Create(folder.Path);
        var left = store.TensorsPath(1) + ".4711.tmp";
        File.WriteAllText(left, "half");
        Run(store);
        File.Exists(left).Should().BeFalse();
    }

    [Fact]
    public void Run_FullDiskAtAnyByte_StopsWithOneErrorAndResumes()
    {
        var large = new LimitedDisk(long.MaxValue);
        Run(StoreFiles.Create(other.Path, create: large.Create), create: large.Create);
        var whole = StoreFiles.Content(other.Path);
        for (long room = 0; room < large.Taken - 100; room += large.Taken / 23)          // the last status may differ by the digits of a time
        {
            using var disk = new TemporaryFolder();
            var limited = new LimitedDisk(room);
            var full = false;
            try
            {
                var store = StoreFiles.Create(disk.Path, create: limited.Create);
                Run(store, create: limited.Create);
            }
            catch (FileException e)
            {
                full = true;
                e.Message.Should().Contain("No space left on device").And.Contain("run the same command again");
            }
            full.Should().BeTrue("{0} bytes are not enough", room);
            Run(StoreFiles.Create(disk.Path));
            StoreFiles.Content(disk.Path).Should().Equal(whole, "a store that met a full disk at byte {0} resumes", room);
        }
    }

    [Fact]
    public void Create_UnwritableFolder_IsOneClearError()
    {
        var file = folder.Write("file", "not a folder");
        FluentActions.Invoking(() => StoreFiles.Create(Path.Combine(file, "run"))).Should().Throw<StoreException>()
            .WithMessage("*cannot be made*Give a folder that can be written*");
    }

    [Fact]
    public void Run_WhileAnotherRunHoldsTheShard_IsRefused()
    {
        var store = StoreFiles.Create(folder.Path);
        var run = new StageRun(store, Shard.Whole, null, null);
        run.Invoking(r => r.Run(_ => Run(store))).Should().Throw<StoreException>().WithMessage("*Another run may be writing it*");
    }

    [Fact]
    public void Run_ThrowsInTheMiddle_StatusSaysFailed()
    {
        var store = StoreFiles.Create(folder.Path);
        new StageRun(store, Shard.Whole, null, null).Invoking(r => r.Run(_ => throw new InvalidOperationException("model broke"))).Should()
            .Throw<InvalidOperationException>();
        File.ReadAllText(Path.Combine(store.Folder, "status.json")).Should().Contain("failed").And.Contain("model broke");
    }
}
