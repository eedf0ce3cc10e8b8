using Microsoft.AspNetCore.Http;
using Vrp.Models.Checkpoints;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>Bytes: redirects, ranges, broken connections, hashes. What takes a file's name is what the hub announced, or nothing does.</summary>
public sealed class HubTransferTests : HubTest
{
    /// <summary>The list says more bytes than there are, and ranges are ignored: every attempt brings bytes, and none of them a new one.</summary>
    [Fact]
    public async Task Fetch_ServerThatAlwaysBeginsAnewAndBreaksOff_GivesUp()
    {
        Hub.AddCheckpoint(Model, FakeHub.Random(3000));
        for (var i = 0; i < 20; i++)
            Hub.Once("GET", "/xet/", async context =>
            {
                context.Response.ContentLength = 3000;
                await context.Response.Body.WriteAsync(FakeHub.Random(3000).AsMemory(0, 1000));
                await context.Response.Body.FlushAsync();
                context.Abort();
            });
        await Refused(HubProblem.Unreachable, "cannot be reached");
        Waits.Should().HaveCount(5);
    }

    static readonly byte[] weights = FakeHub.Random(300_000);

    string Partial => Blob("model.safetensors") + ".incomplete";

    void LeavePartial(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Partial)!);
        File.WriteAllBytes(Partial, bytes);
    }

    byte[] Received => File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors"));

    string?[] Ranges => [.. Hub.Requests.Where(request => request.Port == Hub.StoragePort).Select(request => request.Range)];

    [Fact]
    public async Task Fetch_Checkpoint_OpensFromTheCache()
    {
        Hub.AddCheckpoint(Model);
        (await Fetch()).Should().Be(Snapshot);
        var checkpoint = Checkpoint.Open(Model, new HubCache(Cache));
        checkpoint.Tensors.Should().HaveCount(2);
        checkpoint.Commit.Should().Be(FakeHub.Commit);
    }

    [Fact]
    public async Task Fetch_PlainFileAnsweredWith200_IsReceived()
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/resolve/" + FakeHub.Commit + "/config.json", context =>
            FakeHub.Bytes(context, 200, System.Text.Encoding.UTF8.GetBytes(SmallCheckpoint.Config)));
        await Fetch();
        File.ReadAllText(Path.Combine(Snapshot, "config.json")).Should().Be(SmallCheckpoint.Config);
    }

    [Fact]
    public async Task Fetch_307OnTheSameHost_KeepsTokenAndQuery()
    {
        Hub.AddCheckpoint(Model).Token = "hf_secret";
        Settings = Settings with { Token = Token("hf_secret") };
        await Fetch();
        Hub.Requests.Where(request => request.Target.Contains("/resolve-cache/")).Should().NotBeEmpty()
            .And.OnlyContain(request => request.Authorization == "Bearer hf_secret" && request.Target.EndsWith("?download=true"));
    }

    [Fact]
    public async Task Fetch_302ToAnotherPort_LeavesTheTokenBehind()
    {
        Hub.AddCheckpoint(Model, weights).Token = "hf_secret";
        Settings = Settings with { Token = Token("hf_secret") };
        await Fetch();
        Received.Should().Equal(weights);
        var storage = Hub.Requests.Where(request => request.Port == Hub.StoragePort).ToArray();
        storage.Should().ContainSingle().Which.Authorization.Should().BeNull();
        storage[0].Target.Should().Contain("X-Amz-Signature=s%2Fecret", "a signature holds for the address as it was signed");
        Hub.Requests.Where(request => request.Port == Hub.Port).Should().OnlyContain(request => request.Authorization == "Bearer hf_secret");
    }

    [Fact]
    public async Task Fetch_RedirectBackFromAnotherHost_DoesNotGetTheTokenAgain()
    {
        Hub.AddCheckpoint(Model).Add(Model, "tokenizer_config.json", "{}").Token = "hf_secret";
        Settings = Settings with { Token = Token("hf_secret") };
        Hub.Once("GET", "/xet/", 302, ("Location", $"{Hub.Endpoint}/steal"));
        Hub.Once("GET", "/steal", context => FakeHub.Bytes(context, 200, SafetensorsBytes.Of(SmallCheckpoint.Tensors)));
        await Fetch();
        Hub.Requests.Single(request => request.Target == "/steal").Authorization.Should().BeNull();
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(408)]
    public async Task Fetch_FailsTwice_IsTriedAgainWithBackOff(int status)
    {
        Hub.AddCheckpoint(Model);
        for (var i = 0; i < 2; i++) Hub.Once("GET", "/revision/main", status);
        await Fetch();
        Waits.Should().Equal(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Fetch_ConnectionBreaksEvery100kB_GoesOnByRanges()
    {
        var large = FakeHub.Random(1_500_000);
        Hub.AddCheckpoint(Model, large).BreakAfter = 100_000;
        await Fetch();
        Received.Should().Equal(large);
        Ranges.Should().HaveCountGreaterThan(7, "more breaks than retries in a row: bytes arrived between them");
        Ranges[0].Should().BeNull();
        Ranges.Skip(1).Should().OnlyContain(range => range!.StartsWith("bytes=") && range.EndsWith("-"));
        Waits.Should().OnlyContain(wait => wait == TimeSpan.FromSeconds(1), "the count begins anew whenever bytes arrive");
    }

    [Fact]
    public async Task Fetch_ServerIgnoresTheRange_StartsAtZero()
    {
        Hub.AddCheckpoint(Model, weights);
        LeavePartial(weights[..1000]);
        Hub.Once("GET", "/xet/", context => FakeHub.Bytes(context, 200, weights));
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal("bytes=1000-");
    }

    [Fact]
    public async Task Fetch_PartThatIsComplete_AsksForNothing()
    {
        Hub.AddCheckpoint(Model, weights);
        LeavePartial(weights);
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().BeEmpty();
    }

    [Fact]
    public async Task Fetch_PartThatIsTooLong_StartsAgain()
    {
        Hub.AddCheckpoint(Model, weights);
        LeavePartial([.. weights, 1, 2, 3]);
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal((string?)null);
    }

    [Fact]
    public async Task Fetch_416ForAPartOfAFileWithoutSize_IsDone()
    {
        Hub.AddCheckpoint(Model, weights).HasApi = false;
        Hub.SaysSizes = false;
        LeavePartial(weights);
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal($"bytes={weights.Length}-");
    }

    [Fact]
    public async Task Fetch_416ForAShorterPart_StartsAgain()
    {
        Hub.AddCheckpoint(Model, weights);
        LeavePartial(weights[..1000]);
        Hub.Once("GET", "/xet/", 416);
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal("bytes=1000-", null);
    }

    [Fact]
    public async Task Fetch_WrongTotalInContentRange_IsRefused()
    {
        Hub.AddCheckpoint(Model, weights);
        LeavePartial(weights[..1000]);
        Hub.Once("GET", "/xet/", context => FakeHub.Bytes(context, 206, weights[1000..], $"bytes 1000-{weights.Length - 1}/{weights.Length + 5}"));
        await Refused(HubProblem.Damaged, "model.safetensors", "from 1000 on", "HF_ENDPOINT");
        File.Exists(Blob("model.safetensors")).Should().BeFalse();
    }

    [Fact]
    public async Task Fetch_RightSizeWrongHash_NeverTakesTheName()
    {
        Hub.AddCheckpoint(Model, weights);
        Hub.Once("GET", "/xet/", context => FakeHub.Bytes(context, 200, FakeHub.Random(weights.Length, seed: 2)));
        await Refused(HubProblem.Damaged, "another SHA-256", Hub.EtagOf(Model, "model.safetensors"));
        File.Exists(Blob("model.safetensors")).Should().BeFalse();
        File.Exists(Partial).Should().BeFalse("nothing of it can be trusted");
        await Fetch();
        Received.Should().Equal(weights);
    }

    [Fact]
    public async Task Fetch_PlainFileOfAnotherHash_IsNamedByGitsHash()
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/resolve-cache/models/acme/tiny-vlm/" + FakeHub.Commit + "/tokenizer.json", context => FakeHub.Bytes(context, 200, "[]"u8.ToArray()));
        await Refused(HubProblem.Damaged, "tokenizer.json", "git SHA-1");
    }

    [Fact]
    public async Task Fetch_PartOfOtherBytes_IsFoundOutAndReceivedAgain()
    {
        Hub.AddCheckpoint(Model, weights);
        LeavePartial(FakeHub.Random(5000, seed: 3));
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal("bytes=5000-", null);
    }

    [Fact]
    public async Task Fetch_LongerThanAnnounced_IsRefused()
    {
        Hub.AddCheckpoint(Model, weights);
        Hub.Once("GET", "/xet/", context => FakeHub.Bytes(context, 200, [.. weights, 1]));
        await Refused(HubProblem.Damaged, "longer than");
    }

    [Fact]
    public async Task Fetch_SignedAddressRanOut_TakesANewOne()
    {
        Hub.AddCheckpoint(Model, weights);
        Hub.Once("GET", "/xet/", 403);
        await Fetch();
        Received.Should().Equal(weights);
        Hub.Requests.Count(request => request.Target.EndsWith("/resolve/" + FakeHub.Commit + "/model.safetensors")).Should().Be(2);
        Waits.Should().Equal(TimeSpan.Zero);
    }

    [Fact]
    public async Task Fetch_SignedAddressRanOutMidway_GoesOnWithANewOne()
    {
        Hub.AddCheckpoint(Model, weights);
        LeavePartial(weights[..1000]);
        Hub.Once("GET", "/xet/", 403);
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal("bytes=1000-", "bytes=1000-");
    }

    [Fact]
    public async Task Fetch_TextCompressedWithoutLength_IsTheFilesText()
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/resolve-cache/models/acme/tiny-vlm/" + FakeHub.Commit + "/config.json", async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(FakeHub.Gzip(System.Text.Encoding.UTF8.GetBytes(SmallCheckpoint.Config)));
        });
        await Fetch();
        File.ReadAllText(Path.Combine(Snapshot, "config.json")).Should().Be(SmallCheckpoint.Config);
    }

    [Fact]
    public async Task Fetch_FileLargerThanARange_ComesInSeveral()
    {
        Hub.AddCheckpoint(Model, weights);
        Machine = Machine with { LargestRange = 100_000 };
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal("bytes=0-99999", "bytes=100000-199999", "bytes=200000-");
    }

    [Fact]
    public async Task Fetch_SilentServer_IsLeftAndAskedAgain()
    {
        Hub.AddCheckpoint(Model, weights);
        Settings = Settings with { DownloadTimeout = TimeSpan.FromMilliseconds(200) };
        Hub.Once("GET", "/xet/", async context =>
        {
            await context.Response.Body.WriteAsync(weights.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await Fetch();
        Received.Should().Equal(weights);
        Ranges.Should().Equal(null, "bytes=1000-");
    }

    [Fact]
    public async Task Fetch_NobodyAnswers_SaysWhoAndWhatToDo()
    {
        await Hub.DisposeAsync();
        await Refused(HubProblem.Unreachable, "127.0.0.1", "cannot be reached", "HF_ENDPOINT");
        Waits.Should().Equal(new[] { 1, 2, 4, 8, 8 }.Select(seconds => TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public async Task Fetch_Progress_CountsEveryByteOnce()
    {
        Hub.AddCheckpoint(Model, weights).BreakAfter = 100_000;
        LeavePartial(FakeHub.Random(5000, seed: 3));
        using var fetch = new HubFetch(Settings, Said.Enqueue, Machine);
        var plan = await fetch.Plan(HubRepository.Parse(Model));
        plan.Present.Should().Be(5000);
        long last = 0;
        await fetch.Run(plan, parallel: 1, at => last = at);
        last.Should().Be(plan.Bytes);
    }
}
