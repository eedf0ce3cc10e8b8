using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Vrp.Harness.Tests.Running;

/// <summary>A real process, signalled in the middle of a trace.</summary>
[SupportedOSPlatform("linux")]
public sealed class InterruptedRunTests : IDisposable
{
    /// <summary>Long enough to be hit: a block of one question takes a fraction of a second.</summary>
    const int Questions = 24;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    Process Start(string run, string? grace, int block = 1, int samples = 10)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Vrp.Cli.dll"), "trace", Fixtures.At("checkpoints", "llava"), "--data", Fixtures.At("world", "study.jsonl"),
                "--limit", $"{Questions}",
            "--k", $"{samples}", "--max-new-tokens", "8", "--block", $"{block}", "--threads", "1", "--out", folder.At(run),
        ]) { RedirectStandardError = true, RedirectStandardOutput = true };
        if (grace is not null) start.Environment["VRP_GRACE"] = grace;
        return Process.Start(start)!;
    }

    static void Send(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        kill.ExitCode.Should().Be(0, "the process is there to be signalled");
    }

    static (int Code, string Error) End(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    string[] Blocks(string run) => Directory.Exists(folder.At(run)) ? Directory.GetFiles(folder.At(run), "block-*.jsonl", SearchOption.AllDirectories) : [];

    JsonElement? Status(string run)
    {
        if (!Directory.Exists(folder.At(run)) || Directory.GetFiles(folder.At(run), "status.json", SearchOption.AllDirectories) is not [var path]) return null;
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement;
    }

    string? State(string run) => Status(run)?.GetProperty("state").GetString();

    static void Until(Process process, Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition() && !process.HasExited && patience.Elapsed < TimeSpan.FromMinutes(1)) Thread.Sleep(2);
        process.HasExited.Should().BeFalse("the run is long enough to be hit");
    }

    Dictionary<string, byte[]> Bytes(string run) => Directory.GetFiles(folder.At(run), "block-*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder.At(run), path), File.ReadAllBytes);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public void Trace_SignalInTheMiddle_FinishesTheBlockAndGoesOnToTheSameBytes(string signal)
    {
        Assert.SkipWhen(IsIgnored(signal), $"SIG{signal} is ignored by whatever started the tests (nohup, a background job), and a program leaves that as it "
            + "is");
        using (var whole = Start("whole", null)) End(whole).Code.Should().Be(0);

        using (var run = Start("run", "60"))
        {
            Until(run, () => Blocks("run").Length >= 2);
            Send(run, signal);
            var (code, error) = End(run);
            code.Should().Be(75, error);
            error.Trim().Should().Be($"vrp: interrupted by SIG{signal}; the same command goes on, and nothing that was finished is done again.");
        }

        Blocks("run").Length.Should().BeLessThan(Blocks("whole").Length, "it ended before the end");
        State("run").Should().Be("interrupted");
        Status("run")!.Value.GetProperty("done").GetInt32().Should().Be(Blocks("run").Length, "what was finished counts");
        Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories).Should().BeEmpty("the block in flight was finished");

        using (var again = Start("run", null)) End(again).Code.Should().Be(0);
        State("run").Should().Be("done");
        Bytes("run").Should().BeEquivalentTo(Bytes("whole"), options => options.WithStrictOrdering());
    }

    /// <summary>Whether this process was started with a signal ignored, which its children inherit.</summary>
    static bool IsIgnored(string signal)
    {
        var bit = signal switch { "HUP" => 0, "INT" => 1, "TERM" => 14,
            _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "no such signal here") };
        var line = File.ReadLines("/proc/self/status").First(each => each.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) >> bit & 1) == 1;
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("600", true)]
    public void Trace_BlockThatTakesLong_IsDroppedWithoutGraceAndAtTheSecondSignal(string grace, bool second)
    {
        // One block of everything, with so many answers that it takes many seconds.
        using var run = Start("run", grace, block: 4096, samples: 400);
        Until(run, () => State("run") == "running");
        var clock = Stopwatch.StartNew();
        Send(run, "TERM");
        if (second)
        {
            Thread.Sleep(300);
            run.HasExited.Should().BeFalse("the first signal waits for the block");
            Send(run, "TERM");
        }
        var (code, error) = End(run);

        code.Should().Be(75, error);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
        error.Should().Contain("the same command goes on");
        State("run").Should().Be("interrupted");
        Blocks("run").Should().BeEmpty();
    }

    [Fact]
    public void Trace_GraceThatIsNoNumber_IsRefused()
    {
        using var run = Start("run", "soon");
        var (code, error) = End(run);
        (code, error.Trim()).Should().Be((64, "vrp: VRP_GRACE=soon: expected seconds from 0 to 86400, the time that the block in flight gets after SIGTERM or "
            + "Ctrl-C."));
    }
}
