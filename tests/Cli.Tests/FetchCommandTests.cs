using System.Diagnostics;
using System.Text.Json;
using Vrp.Cli;
using Vrp.Harness.Configuration;
using Vrp.Models.Tests;
using Vrp.Models.Tests.Checkpoints.Hub;

namespace Vrp.Cli.Tests;

/// <summary><c>vrp fetch</c> and <c>--fetch</c>, against a hub on loopback.</summary>
[Collection(Collection)]
public sealed class FetchCommandTests : HubVariables
{
    const string Model = "acme/tiny-vlm";

    static readonly string checkpoint = Goldens.At("models", Goldens.Folders("models").First());

    string Snapshot => Path.Combine(Cache, "models--acme--tiny-vlm", "snapshots", FakeHub.Commit);

    /// <summary>A checkpoint that runs, under a name of the hub.</summary>
    void AddRunnable()
    {
        foreach (var path in Directory.GetFiles(checkpoint)) Hub.Add(Model, Path.GetFileName(path), File.ReadAllBytes(path),
            large: path.EndsWith(".safetensors", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fetch_Checkpoint_PrintsItsFolderAndIsDoneTheSecondTime()
    {
        Hub.AddCheckpoint(Model);
        var run = await CommandRun.Of("fetch", Model);
        (run.Code, run.Output).Should().Be((0, Snapshot + "\n"), run.Error);
        run.Error.Should().StartWith($"vrp: {Model} at {FakeHub.Commit}: ").And.Contain("to fetch");
        run = await CommandRun.Of("fetch", Model);
        (run.Code, run.Output, run.Error).Should().Be((0, Snapshot + "\n", ""));
    }

    [Fact]
    public async Task Fetch_List_PrintsFilesAndSizesAndFetchesNothing()
    {
        Hub.AddCheckpoint(Model, FakeHub.Random(1_500_000)).Add(Model, "pytorch_model.bin", FakeHub.Random(1000), large: true);
        var run = await CommandRun.Of("fetch", Model, "--list");
        run.Lines.Should().HaveCount(5).And.ContainSingle(line => line.EndsWith("2 MB  model.safetensors"));
        run.Lines[0].Should().Be($"{Model} at {FakeHub.Commit}, into {Snapshot}");
        run.Lines[^1].Should().Contain("in 3 files; 2 MB to fetch");
        Directory.Exists(Cache).Should().BeFalse();
        await CommandRun.Of("fetch", Model);
        (await CommandRun.Of("fetch", Model, "--list")).Output.Should().Contain("model.safetensors  (in the cache)").And.Contain("; 0 B to fetch");
    }

    [Theory]
    [InlineData("nobody", "org/name")]
    [InlineData("a--b/c", "no name on the hub")]
    [InlineData("acme/absent", "was not found")]
    public async Task Fetch_NameThatIsNone_IsRefused(string name, string word) => (await CommandRun.Of("fetch", name)).ShouldBeRefused(word);

    [Fact]
    public async Task Ask_AbsentCheckpoint_NamesTheCommandAndFetchesOnlyWhenAsked()
    {
        AddRunnable();
        (await CommandRun.Of("ask", Model, "Why?", "--max-new-tokens", "3")).ShouldBeRefused($"Get it with: vrp fetch {Model}", "--fetch");
        Hub.Requests.Should().BeEmpty();
        var run = await CommandRun.Of("ask", Model, "Why?", "--max-new-tokens", "3", "--fetch");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be((await CommandRun.Of("ask", checkpoint, "Why?", "--max-new-tokens", "3")).Output);

        var before = Hub.Requests.Count;
        (await CommandRun.Of("ask", Model, "Why?", "--max-new-tokens", "3", "--fetch")).Code.Should().Be(0);
        Hub.Requests.Should().HaveCount(before, "what is here is not asked for");
    }

    [Fact]
    public async Task Trace_CheckpointOfTheHub_PinsItsCommit()
    {
        AddRunnable();
        string[] data = ["--data", Fixtures.At("world", "study.jsonl"), "--limit", "1", "--k", "0", "--max-new-tokens", "1"];
        (await CommandRun.Of(["trace", Model, "--fetch", "--out", Folder.At("hub-run"), .. data])).Code.Should().Be(0);
        (await CommandRun.Of(["trace", checkpoint, "--out", Folder.At("folder-run"), .. data])).Code.Should().Be(0);
        JsonElement Facts(string run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.At(run), "run.json"))).RootElement.GetProperty("trace")
            .GetProperty("facts");
        Facts("hub-run").GetProperty("model.commit").GetString().Should().Be(FakeHub.Commit);
        Facts("folder-run").TryGetProperty("model.commit", out _).Should().BeFalse("a folder has none, and its key stays what it was");
    }

    [Fact]
    public void IsAsked_InCi_NeedsTheOption()
    {
        var config = new VrpConfig { Subjects = [], Data = new Dictionary<string, QuestionSet>(), Fetch = true };
        FetchOption.IsAsked(option: false, config, continuousIntegration: false).Should().BeTrue();
        FetchOption.IsAsked(option: false, config, continuousIntegration: true).Should().BeFalse();
        FetchOption.IsAsked(option: true, config with { Fetch = false }, continuousIntegration: true).Should().BeTrue();
    }

    [Fact]
    public async Task Fetch_RepopeLabels_ListsThePublishedHashesAndKeepsNoOtherBytes()
    {
        var list = await CommandRun.Of("fetch", "pope", "--labels", "repope", "--list");
        list.Lines.Should().HaveCount(3).And.OnlyContain(line => line.Contains($"  {Hub.Endpoint}/repope/coco_repope_"));
        Hub.Plain["/repope/coco_repope_adversarial.json"] = """{"image": "a.jpg", "text": "?", "label": "yes"}"""u8.ToArray();
        (await CommandRun.Of("fetch", "pope", "--labels", "repope", "--out", Folder.At("labels")))
            .ShouldBeRefused("coco_repope_adversarial.json", "another SHA-256");
        Directory.GetFiles(Folder.At("labels")).Should().BeEmpty();
        (await CommandRun.Of("fetch", "pope", "--labels", "mine")).ShouldBeRefused("--labels mine");
    }

    Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Vrp.Cli.dll"), "fetch", Model]) { RedirectStandardError = true,
            RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    static async Task<string> End(Process process)
    {
        string output = await process.StandardOutput.ReadToEndAsync(), error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, error);
        process.Dispose();
        return output.Trim();
    }

    string[] Ranges => [.. Hub.Requests.Where(request => request.Port == Hub.StoragePort).Select(request => request.Range ?? "whole")];

    [Fact]
    public async Task Fetch_TwoProcessesAtOnce_ReceiveTheWeightsOnce()
    {
        var weights = FakeHub.Random(4_000_000);
        Hub.AddCheckpoint(Model, weights).Slow = TimeSpan.FromMilliseconds(20);
        Process[] both = [Start(), Start()];
        foreach (var process in both) (await End(process)).Should().Be(Snapshot);
        Ranges.Should().Equal("whole");
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(weights);
    }

    [Fact]
    public async Task Fetch_KilledInMidFile_GoesOnThere()
    {
        var weights = FakeHub.Random(4_000_000);
        Hub.AddCheckpoint(Model, weights).Slow = TimeSpan.FromMilliseconds(20);
        var partial = Path.Combine(Cache, "models--acme--tiny-vlm", "blobs", Hub.EtagOf(Model, "model.safetensors") + ".incomplete");
        using (var killed = Start())
        {
            var patience = Stopwatch.StartNew();
            while (!(File.Exists(partial) && new FileInfo(partial).Length > 500_000) && patience.Elapsed < TimeSpan.FromMinutes(1)) await Task.Delay(5);
            killed.HasExited.Should().BeFalse();
            killed.Kill();          // SIGKILL
            await killed.WaitForExitAsync();
        }

        var kept = new FileInfo(partial).Length;
        kept.Should().BeInRange(500_000, weights.Length - 1);
        Hub.Slow = TimeSpan.Zero;
        (await End(Start())).Should().Be(Snapshot);
        Ranges.Should().Equal("whole", $"bytes={kept}-");
        File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")).Should().Equal(weights);
    }
}
