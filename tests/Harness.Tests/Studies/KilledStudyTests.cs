using System.Diagnostics;
using Vrp.Cli.Tests;
using Vrp.Harness.Studies;
using Vrp.Harness.Tests.Running;

namespace Vrp.Harness.Tests.Studies;

/// <summary>A whole study, killed at twenty points or cut into shards: what it finds is what an unbroken run finds, to the byte.</summary>
public sealed class KilledStudyTests : IDisposable
{
    const int Kills = 20;

    static readonly string[] data = ["--data", Fixtures.At("world", "study.jsonl"), "--limit", "12"];
    static readonly string[] trace = ["--k", "4", "--max-new-tokens", "6", "--block", "2"];
    static readonly string[] analysis = ["--budget", "quick", "--draws", "200", "--permutations", "10"];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static string Checkpoint => Fixtures.At("checkpoints", "llava");

    string[] Study(string run) => ["study", Checkpoint, .. data, .. trace, .. analysis, "--threads", "1", "--out", folder.At(run)];

    static async Task Run(params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);
        run.Code.Should().Be(0, run.Error);
    }

    Process Start(string run) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Vrp.Cli.dll"), .. Study(run)])
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>What a run has finished: both files of its blocks. The records come last, so arrays without them are those of the block in flight.</summary>
    string[] Finished(string run) => Directory.Exists(folder.At(run))
        ? [.. Directory.GetFiles(folder.At(run), "block-*.jsonl",
            SearchOption.AllDirectories).SelectMany(path => new[] { path, Path.ChangeExtension(path, ".safetensors") })] : [];

    void ShouldHaveFoundTheSame(string run, string unbroken)
    {
        foreach (var name in new[] { RunFolder.Metrics, RunFolder.Verdicts, RunFolder.Samples, RunFolder.Attention })
            File.ReadAllBytes(Path.Combine(folder.At(run), name)).Should().Equal(File.ReadAllBytes(Path.Combine(folder.At(unbroken), name)),
                "{0} is that of an unbroken run", name);
    }

    [Fact]
    public async Task Study_KilledTwentyTimes_FindsTheSame()
    {
        await Run(Study("whole"));
        Finished("whole").Length.Should().BeGreaterThan(2 * Kills, "the run is long enough to be hit");

        var random = new Random(6);
        int killed = 0, midway = 0;
        for (var attempt = 0; killed < Kills && attempt < 3 * Kills; attempt++)
        {
            var before = Finished("killed").ToDictionary(path => path, File.GetLastWriteTimeUtc);
            using var child = Start("killed");
            // Now and then at the start, mostly after one to three more files of blocks; once the blocks are there, at any time of the judging.
            var more = random.Next(0, 4);
            var patience = Stopwatch.StartNew();
            while (!child.HasExited && Finished("killed").Length < before.Count + more && patience.Elapsed < TimeSpan.FromMinutes(2)) Thread.Sleep(1);
            Thread.Sleep(random.Next(0, more == 0 ? 800 : 30));
            if (child.HasExited) continue;
            child.Kill();                                                                // SIGKILL
            child.WaitForExit();
            killed++;
            var after = Finished("killed");
            foreach (var (path, written) in before)
                File.GetLastWriteTimeUtc(path).Should().Be(written, "{0} was whole and is not done again", Path.GetFileName(path));
            if (after.Length > before.Count) midway++;
        }

        killed.Should().Be(Kills);
        midway.Should().BeGreaterThan(Kills / 4, "kills fell into the work, not only into the start");
        using (var last = Start("killed"))
        {
            var error = last.StandardError.ReadToEndAsync();
            await last.StandardOutput.ReadToEndAsync();
            await last.WaitForExitAsync();
            last.ExitCode.Should().Be(0, await error);
            (await error).Should().NotContain("is done again", "a kill leaves no damaged block behind");
        }

        ShouldHaveFoundTheSame("killed", "whole");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Study_InShards_FindsTheSame(int shards)
    {
        await Run(Study("whole"));
        string[] parts = [.. Enumerable.Range(1, shards).Select(i => folder.At($"part-{i}"))];
        var merged = folder.At("merged");
        for (var i = 0; i < shards; i++) await Run(["trace", Checkpoint, .. data, .. trace, "--threads", "1", "--shard", $"{i + 1}/{shards}", "--out",
            parts[i]]);
        await Run(["merge", .. parts, "--out", merged]);
        await Run(["analyze", merged, .. data, .. analysis]);
        var plan = Path.Combine(merged, "plan.json");
        string[] seconds = [.. parts.Select(part => part + "-interventions")];
        for (var i = 0; i < shards; i++)
            await Run(["intervene", Checkpoint, .. data, "--trace", merged, "--plan", plan, "--max-new-tokens", "6", "--threads", "1", "--shard",
                $"{i + 1}/{shards}", "--out", seconds[i]]);
        await Run(["merge", .. seconds, "--out", merged]);
        await Run(["analyze", merged, .. data, .. analysis]);
        ShouldHaveFoundTheSame("merged", "whole");
    }
}
