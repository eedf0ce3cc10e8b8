using System.Diagnostics;
using Vrp.Harness.Storage;
using Vrp.Harness.Tests.Running;
using Vrp.Harness.Tests.Storage;
using Vrp.Models.Tests;

namespace Vrp.Harness.Tests.Tracing;

/// <summary>SIGKILL at any moment, and the same command again: what is stored is never lost, never done twice, and ends up the same bytes.</summary>
public sealed class KilledRunTests : IDisposable
{
    const int Kills = 20;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    Process Start(string run)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Vrp.Cli.dll"), "trace", Goldens.At("models", Goldens.Folders("models").First()),
            "--threads", "1",
            "--data", Fixtures.At("world", "study.jsonl"), "--limit", "20", "--block", "2", "--k", "2", "--max-new-tokens", "2", "--out", folder.At(run)];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    Dictionary<string, DateTime> Committed(string run) => Directory.Exists(folder.At(run))
        ? Directory.GetFiles(folder.At(run), "block-*.jsonl", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc) : [];

    [Fact]
    public void Run_KilledTwentyTimes_RedoesOnlyTheBlockInFlight()
    {
        using (var whole = Start("whole"))
        {
            var error = whole.StandardError.ReadToEnd();
            whole.WaitForExit();
            whole.ExitCode.Should().Be(0, error);
        }
        var blocks = Committed("whole").Count;
        blocks.Should().BeGreaterThan(2 * Kills, "the run is long enough to be hit");

        var random = new Random(20);
        var midway = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = Committed("killed");
            using var child = Start("killed");
            var more = random.Next(0, 3);
            var patience = Stopwatch.StartNew();
            while (!child.HasExited && Committed("killed").Count < before.Count + more && patience.Elapsed < TimeSpan.FromMinutes(2)) Thread.Sleep(1);
            Thread.Sleep(random.Next(0, more == 0 ? 1000 : 40));
            child.HasExited.Should().BeFalse("kill {0} comes while the run is on", kill);
            child.Kill();                                                                // SIGKILL
            child.WaitForExit();

            var after = Committed("killed");
            foreach (var (path, written) in before) after[path].Should().Be(written, "{0} was whole and is not done again", Path.GetFileName(path));
            if (after.Count > before.Count) midway++;
        }
        midway.Should().BeGreaterThan(Kills / 4, "kills fell into the work, not only into the start");

        using (var last = Start("killed"))
        {
            var error = last.StandardError.ReadToEnd();
            last.WaitForExit();
            last.ExitCode.Should().Be(0, error);
            error.Should().NotContain("is done again", "a kill leaves no damaged block behind");
        }
        StoreFiles.Content(folder.At("killed")).Should().Equal(StoreFiles.Content(folder.At("whole")));
        BlockStore.FindAll(folder.At("killed")).Single().ReadAll().Should().HaveCount(blocks);
    }
}
