using Vrp.Models.Checkpoints;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>The cache on disk: shared with other programs, safe against full disks, missing links and a second process.</summary>
public sealed class HubFolderTests : HubTest
{
    string Repository => Path.Combine(Cache, "models--acme--tiny-vlm");

    [Fact]
    public async Task Fetch_Layout_IsHuggingfaceHubs()
    {
        Hub.AddCheckpoint(Model);
        await Fetch();
        File.ReadAllBytes(Path.Combine(Repository, "refs", "main")).Should().Equal(System.Text.Encoding.ASCII.GetBytes(FakeHub.Commit), "no line ends it");
        new FileInfo(Path.Combine(Snapshot, "config.json")).LinkTarget.Should().Be($"../../blobs/{Hub.EtagOf(Model, "config.json")}");
        Directory.GetFiles(Path.Combine(Repository, "blobs")).Select(Path.GetFileName).Should()
            .BeEquivalentTo(new[] { "config.json", "tokenizer.json", "model.safetensors" }.Select(name => Hub.EtagOf(Model, name)));
        Directory.GetFiles(Path.Combine(Cache, ".locks", "models--acme--tiny-vlm")).Should().HaveCount(3).And.OnlyContain(path => path.EndsWith(".lock"));
    }

    [Fact]
    public async Task Fetch_BlobsOfAnotherProgram_AreUsed()
    {
        Hub.AddCheckpoint(Model);
        Directory.CreateDirectory(Path.Combine(Repository, "blobs"));
        File.WriteAllBytes(Blob("model.safetensors"), SafetensorsBytes.Of(SmallCheckpoint.Tensors));
        await Fetch();
        Hub.Requests.Should().NotContain(request => request.Port == Hub.StoragePort);
        Checkpoint.Open(Model, new HubCache(Cache)).Tensors.Should().HaveCount(2);
    }

    [Fact]
    public async Task Fetch_BlobOfAnotherProgramThatIsCutShort_IsReceivedAgain()
    {
        Hub.AddCheckpoint(Model);
        Directory.CreateDirectory(Path.Combine(Repository, "blobs"));
        File.WriteAllBytes(Blob("model.safetensors"), SafetensorsBytes.Of(SmallCheckpoint.Tensors)[..20]);
        await Fetch();
        Checkpoint.Open(Model, new HubCache(Cache)).Tensors.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_LinksRefused_PutsFilesIntoTheSnapshot(bool bySystem)
    {
        Hub.AddCheckpoint(Model);
        if (bySystem) Machine = Machine with { CreateLink = (_, _) =>
            throw new UnauthorizedAccessException("A required privilege is not held by the client.") };
        else Settings = Settings with { Links = false };
        await Fetch();
        new FileInfo(Path.Combine(Snapshot, "model.safetensors")).LinkTarget.Should().BeNull();
        Directory.GetFiles(Path.Combine(Repository, "blobs")).Should().BeEmpty();
        Checkpoint.Open(Model, new HubCache(Cache)).Tensors.Should().HaveCount(2);

        var before = Hub.Requests.Count;
        await Fetch();
        Hub.Requests.Skip(before).Should().OnlyContain(request => request.Target.Contains("/api/"), "everything is there");
    }

    [Fact]
    public async Task Fetch_DiskFullMidway_SaysSoOnceAndKeepsWhatWasReceived()
    {
        var weights = FakeHub.Random(300_000);
        Hub.AddCheckpoint(Model, weights);
        var real = Machine;
        Machine = Machine with { OpenPartial = path => path.Contains(Hub.EtagOf(Model, "model.safetensors")) ? new FullDisk(path, 100_000)
            : real.OpenPartial(path) };
        await Refused(HubProblem.DiskFull, "is full", "model.safetensors needs", "HF_HUB_CACHE", "goes on where it stopped");
        new FileInfo(Blob("model.safetensors") + ".incomplete").Length.Should().BeInRange(1, 100_000);
        File.Exists(Path.Combine(Repository, "refs", "main")).Should().BeFalse("the name means nothing before all is there");

        Machine = real;
        await Fetch();
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(weights);
        Hub.Requests.Last(request => request.Port == Hub.StoragePort).Range.Should().NotBeNull();
    }

    [Fact]
    public async Task Fetch_DiskTooSmall_IsSaidBeforeTheFirstByte()
    {
        Hub.AddCheckpoint(Model, FakeHub.Random(300_000));
        Machine = Machine with { FreeSpace = _ => 1000 };
        await Refused(HubProblem.DiskFull, "GB more", "HF_HUB_CACHE");
        Hub.Requests.Should().NotContain(request => request.Target.Contains("/resolve/"));
    }

    [Fact]
    public async Task Fetch_CacheThatCannotBeWritten_SaysWhichAndWhatToSet()
    {
        Hub.AddCheckpoint(Model);
        Settings = Settings with { Cache = Path.Combine(Folder.Write("a-file", "x"), "cache") };
        await Refused(HubProblem.CacheUnwritable, "cannot be written", "HF_HUB_CACHE");
    }

    [Fact]
    public async Task Fetch_ReadOnlyCacheThatIsComplete_NeedsNoWriting()
    {
        Hub.AddCheckpoint(Model);
        await Fetch();
        var locks = Path.Combine(Cache, ".locks");
        Directory.Delete(locks, recursive: true);
        File.WriteAllText(locks, "");           // no folder can be made there, as in a cache that belongs to somebody else
        (await Fetch()).Should().Be(Snapshot);

        File.Delete(Path.Combine(Snapshot, "config.json"));
        await Refused(HubProblem.CacheUnwritable, Cache, "HF_HUB_CACHE");
    }

    [Fact]
    public async Task Fetch_OfflineAndComplete_AsksNothing()
    {
        Hub.AddCheckpoint(Model);
        await Fetch();
        HubFetch.IsInCache(Settings, HubRepository.Parse(Model)).Should().BeTrue();
        var before = Hub.Requests.Count;
        Settings = Settings with { Offline = true };
        (await Fetch()).Should().Be(Snapshot);
        Hub.Requests.Should().HaveCount(before);
    }

    [Fact]
    public async Task Fetch_OfflineAndAbsent_SaysSo()
    {
        Hub.AddCheckpoint(Model);
        Settings = Settings with { Offline = true };
        await Refused(HubProblem.Offline, "is not in", "HF_HUB_OFFLINE");
        Hub.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Fetch_OfflineAndIncomplete_NamesWhatLacks()
    {
        Hub.AddCheckpoint(Model);
        await Fetch();
        File.Delete(Blob("model.safetensors"));
        Settings = Settings with { Offline = true };
        await Refused(HubProblem.Offline, "incomplete", "model.safetensors", "HF_HUB_OFFLINE");
        HubFetch.IsInCache(Settings, HubRepository.Parse(Model)).Should().BeFalse();
    }

    [Fact]
    public async Task Fetch_TwoAtOnce_ReceiveEachFileOnce()
    {
        var weights = FakeHub.Random(1_000_000);
        Hub.AddCheckpoint(Model, weights).Slow = TimeSpan.FromMilliseconds(10);
        Machine = Machine with { Patience = TimeSpan.FromHours(10) };
        await Task.WhenAll(Fetch(), Fetch(), Fetch());
        Hub.Requests.Count(request => request.Port == Hub.StoragePort).Should().Be(1);
        Said.Should().Contain(text => text.Contains("another process is fetching it"));
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(weights);
    }

    [Fact]
    public async Task Fetch_OwnerThatStandsStill_IsPassedByAFileOfItsOwn()
    {
        var weights = FakeHub.Random(10_000);
        Hub.AddCheckpoint(Model, weights);
        var locks = Path.Combine(Cache, ".locks", "models--acme--tiny-vlm");
        Directory.CreateDirectory(locks);
        var record = Path.Combine(locks, Hub.EtagOf(Model, "model.safetensors") + ".owner");
        File.WriteAllText(record, "another-machine\n17\n1\nx\n");
        await Fetch();
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(weights);
        File.Exists(record).Should().BeTrue("it is another's");
        Directory.GetFiles(Path.Combine(Repository, "blobs"), "*.incomplete").Should().BeEmpty();
    }

    [Fact]
    public async Task Fetch_OwnerThatIsDead_IsSucceededAtOnce()
    {
        Hub.AddCheckpoint(Model);
        var locks = Path.Combine(Cache, ".locks", "models--acme--tiny-vlm");
        Directory.CreateDirectory(locks);
        var machine = $"{Environment.MachineName} {new FileInfo("/proc/self/ns/pid").LinkTarget}";
        File.WriteAllText(Path.Combine(locks, Hub.EtagOf(Model, "model.safetensors") + ".owner"), $"{machine}\n{Environment.ProcessId}\n1\nx\n");
        await Fetch();
        Waits.Should().BeEmpty("this process's number belonged to another that started long ago");
        Directory.GetFiles(locks).Should().OnlyContain(path => path.EndsWith(".lock"));
    }

    [Fact]
    public async Task Fetch_InterruptedUpdate_LeavesTheNameWithTheOldCommit()
    {
        Hub.AddCheckpoint(Model);
        string old = new('a', 40);
        Directory.CreateDirectory(Path.Combine(Repository, "refs"));
        File.WriteAllText(Path.Combine(Repository, "refs", "main"), old);
        Hub.Once("GET", "/xet/", 404);
        await FluentActions.Awaiting(() => Fetch()).Should().ThrowAsync<HubException>();
        File.ReadAllText(Path.Combine(Repository, "refs", "main")).Should().Be(old);
    }

    /// <summary>A disk with room for so many bytes.</summary>
    sealed class FullDisk(string path, long room) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0)
    {
        const int NoSpace = 28;

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Position + count > room) throw new IOException("No space left on device", NoSpace);
            base.Write(buffer, offset, count);
        }
    }
}
