using Vrp.Harness.Tests;
using Vrp.Harness.Tests.Importing;

namespace Vrp.Cli.Tests;

/// <summary>From another program's log to a gate's exit code, tables and a page, in a folder without vrp.json.</summary>
public sealed class ImportCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    async Task<string> Import(string name, double accuracy, int seed)
    {
        string at = Directory.CreateDirectory(folder.At(name)).FullName, run = folder.At($"run-{name}");
        var result = await CommandRun.Of("import", "lmms-eval", new MadeUpLog { Pictures = 150, Accuracy = accuracy, Seed = seed, Epochs = 10 }.LmmsEval(at),
            "--out", run, "--temperature", "0.7", "--top-p", "0.9");
        result.Code.Should().Be(0, result.Error);
        result.Lines[0].Should().Be($"{name} on pope: 900 questions about 150 images");
        result.Output.Should().Contain("The other 12 claims are NotRun");
        return run;
    }

    [Fact]
    public async Task Import_TwoLogs_AreGatedReportedAndExported()
    {
        string good = await Import("good", 0.9, 1), bad = await Import("bad", 0.65, 2);
        string[] gate = ["gate", "--config", Configuration(), "--baseline", good, "--out", folder.At("gate"), "--json", folder.At("gate.json"), "--candidate"];
        (await CommandRun.Of([.. gate, good])).Code.Should().Be(0);
        var worse = await CommandRun.Of([.. gate, bad]);
        worse.Code.Should().Be(1, worse.Error);
        worse.Output.Should().Contain("REGRESSION: accuracy").And.Contain("s_sc_auroc");
        File.ReadAllText(folder.At("gate.json")).Should().Contain("\"outcome\": \"regression\"");
        File.Exists(folder.At("gate/report.html")).Should().BeTrue();

        (await CommandRun.Of("report", good, "--out", folder.At("report.html"))).Code.Should().Be(0);
        (await CommandRun.Of("compare", good, bad)).Code.Should().Be(0);
        foreach (var table in new[] { "csv", "parquet" })
        {
            (await CommandRun.Of("export", table, good, "--out", folder.At("tables"))).Lines.Should().HaveCount(3);
            Directory.GetFiles(folder.At("tables"), $"*.{table}").Select(Path.GetFileNameWithoutExtension).Should()
                .BeEquivalentTo("samples", "metrics", "verdicts");
        }
        (await CommandRun.Of("export", "evaluation", good, "--out", folder.At("store"))).Output.Should().Contain("dotnet aieval report");
    }

    /// <summary>One that knows neither model nor data.</summary>
    string Configuration() => folder.Write("vrp.json", """{"subjects": [{"name": "none", "checkpoint": "none"}], "data": {"none": {"files": ["none"]}}}""");

    [Theory]
    [InlineData("vlmevalkit")]
    [InlineData("inspect")]
    public async Task Import_TwoLogsOfAnotherProgram_AreGated(string program)
    {
        async Task<string> Run(string name, double accuracy, int seed)
        {
            var log = new MadeUpLog { Pictures = 150, Accuracy = accuracy, Seed = seed };
            string at = Directory.CreateDirectory(folder.At(name)).FullName, run = folder.At($"run-{name}");
            var file = program == "inspect" ? log.Inspect(at, "pope.eval") : log.VlmEvalKit(at, $"{name}_POPE.tsv");
            var result = await CommandRun.Of("import", program, file, "--subject", name, "--data", "pope", "--out", run);
            result.Code.Should().Be(0, result.Error);
            result.Lines[0].Should().Be($"{name} on pope: 900 questions about 150 images");
            return run;
        }

        string good = await Run("good", 0.9, 1), bad = await Run("bad", 0.65, 2);
        string[] gate = ["gate", "--config", Configuration(), "--baseline", good, "--out", folder.At("gate"), "--candidate"];
        (await CommandRun.Of([.. gate, good])).Code.Should().Be(0);
        var worse = await CommandRun.Of([.. gate, bad]);
        worse.Code.Should().Be(1, worse.Error);
        worse.Output.Should().Contain("REGRESSION: accuracy");
    }

    [Fact]
    public async Task Import_AnotherFile_IsRefused() =>
        (await CommandRun.Of("import", "inspect", folder.Write("log.json", "{}"), "--out", folder.At("run"))).ShouldBeRefused("no log of Inspect");
}
