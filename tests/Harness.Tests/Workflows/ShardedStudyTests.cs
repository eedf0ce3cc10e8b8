using System.Diagnostics;
using Vrp.Cli.Tests;

namespace Vrp.Harness.Tests.Workflows;

/// <summary>gpu-gate.yml, run here: the scripts of its jobs, in its order, on a fixture model in two shards.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ShardedStudyTests : IDisposable
{
    const string Subject = "llava-fixture";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task GpuGate_ItsScriptsInTwoShards_GiveTheBytesOfAnUnsplitStudy()
    {
        // `./vrp` of a checkout, without its check for changed sources.
        File.WriteAllText(folder.At("vrp"), $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "Vrp.Cli.dll")}' \"$@\"\n");
        File.SetUnixFileMode(folder.At("vrp"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(folder.At("config.json"), $$"""
            {
              "subjects": [{ "name": "{{Subject}}", "checkpoint": "{{Fixtures.At("checkpoints", "llava")}}", "block": 8 }],
              "data": { "study": { "files": ["{{Fixtures.At("world", "study.jsonl")}}"] } },
              "trace": { "k": 2, "max_new_tokens": 4 },
              "protocol": { "draws": 200, "permutations": 0 },
              "ledger": "ledger.json"
            }
            """);
        File.WriteAllText(folder.At("ledger.json"), """{"schema":1,"entries":[]}""");
        var file = WorkflowFile.All.Single(file => file.Name == "gpu-gate.yml");

        foreach (var job in new[] { "trace", "plan", "intervene", "judge" })
            foreach (var shard in job is "trace" or "intervene" ? new[] { 1, 2 } : [0])
                foreach (var (step, script) in Scripts(file, job)) Run($"{job}/{step}", script, shard).Should().Be(0);

        // Artefacts keep traces out of what the gate gets; here all lies in one folder.
        var gate = Scripts(file, "gate").ToDictionary(step => step.Step, step => step.Script);
        Run("gate/report", gate["Report"], 0).Should().Be(0);
        Run("gate/claims", gate["Claims against the ledger"], 0).Should().Be(3, "every claim is new to an empty ledger: could not judge");
        Directory.GetFiles(folder.At("artifacts/gate")).Concat(Directory.GetFiles(folder.At("artifacts/report"))).Select(Path.GetFileName).Distinct()
            .Should().BeEquivalentTo("report.html", "summary.md", "comment.md", "junit.xml");
        File.ReadAllText(folder.At("artifacts/gate/comment.md")).Should().Contain("<!-- vrp-report -->", "the workflow finds its old comment by it");
        // Against main: the same run as baseline.
        Directory.CreateDirectory(folder.At("baseline"));
        Directory.CreateSymbolicLink(folder.At($"baseline/run-{Subject}"), folder.At($"runs/{Subject}"));
        Run("gate/upgrade", gate["Against main"], 0).Should().BeOneOf([0, 3], "a run is never worse than itself, and so few questions may not decide");
        File.Exists(folder.At($"artifacts/upgrade/{Subject}/report.html")).Should().BeTrue();

        var whole = await CommandRun.Of("study", Fixtures.At("checkpoints", "llava"), "--data", Fixtures.At("world", "study.jsonl"), "--name", Subject,
            "--limit", "12", "--budget", "quick", "--block", "8", "--k", "2", "--max-new-tokens", "4",
            "--draws", "200", "--permutations", "0", "--out", folder.At("whole"));
        whole.Code.Should().Be(0, whole.Error);
        Directory.Exists(folder.At("whole/intervene")).Should().BeTrue("there must be interventions to compare: {0}", whole.Output);
        foreach (var name in new[] { "metrics.json", "verdicts.json", "samples.jsonl", "attention.safetensors" })
            File.ReadAllBytes(folder.At($"runs/{Subject}/{name}")).Should().Equal(File.ReadAllBytes(folder.At($"whole/{name}")), name);
    }

    static IEnumerable<(string Step, string Script)> Scripts(WorkflowFile file, string job) =>
        WorkflowFile.Scripts(file.Jobs.Single(one => one.Name == job).Job)
        // `doctor` looks at the machine, and the link to the machine's data folder is not needed.
        .Where(step => step.Script.Contains("./vrp ", StringComparison.Ordinal) && !step.Script.Contains("./vrp doctor", StringComparison.Ordinal));

    /// <summary>One step as GitHub runs it: `bash -e` on a checkout, the workflow's variables set.</summary>
    int Run(string step, string script, int shard)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-o", "pipefail", "-c", script]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("VRP_", StringComparison.Ordinal)
            || name.StartsWith("GITHUB_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["CONFIG"] = "config.json", ["SUBJECT"] = Subject, ["SHARDS"] = "2", ["SHARD"] = $"{shard}", ["VRP_LIMIT"] = "12", ["VRP_BUDGET"] = "quick",
                ["VRP_DEVICE"] = "cpu",
            ["VRP_IMAGES"] = Fixtures.At("world", "images"), ["VRP_CACHE"] = folder.At("cache"),
        }) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        // 64 and 70 are wrong usage and errors of the program: no step may end so.
        process.ExitCode.Should().BeInRange(0, 3, "{0} said {1}{2}", step, output.Result, error);
        return process.ExitCode;
    }
}
