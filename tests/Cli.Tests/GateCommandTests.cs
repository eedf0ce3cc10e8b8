using System.Diagnostics;
using System.Text.Json;
using Vrp.Cli;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Cli.Tests;

/// <summary>The gate end to end on forty pictures, without interventions: each exit code by its own cause.</summary>
public sealed class GateCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly string? cache = Environment.GetEnvironmentVariable("VRP_CACHE");

    // No other test of this process reads the variable.
    public GateCommandTests() => Environment.SetEnvironmentVariable("VRP_CACHE", folder.At("cache"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("VRP_CACHE", cache);
        folder.Dispose();
    }

    string Config => folder.At("vrp.json");

    string LedgerPath => folder.At("ledger.json");

    string RunOf(string subject) => Path.Combine(folder.At("cache"), "runs", $"{subject}-study-first-40");

    void Write(params object[] subjects) => File.WriteAllText(Config, JsonSerializer.Serialize(new
    {
        subjects,
        data = new { study = new { files = new[] { Fixtures.At("world", "study.jsonl") }, limit = 40 } },
        trace = new { k = 2, max_new_tokens = 4 },
        budget = "none",
        protocol = new { draws = 200, permutations = 0 },
        margins = new { accuracy = 0.2 },
        ledger = "ledger.json",
    }));

    static object Llava => new { name = "llava", checkpoint = Fixtures.At("checkpoints", "llava") };

    Task<CommandRun> Gate(params string[] more) => CommandRun.Of(["gate", "--config", Config, "--out", folder.At("out"), .. more]);

    IEnumerable<LedgerEntry> Found(string subject) => RunFolder.Read(RunOf(subject)).Verdicts.Where(verdict => !ClaimRegistry.Get(verdict.Claim).IsOverSubjects)
        .Select(verdict => new LedgerEntry(verdict.Claim, subject, verdict.Verdict, "found so"));

    [Fact]
    public async Task Gate_EveryOutcome_HasItsExitCode()
    {
        Write(Llava);

        // Nothing is expected yet: every verdict is new.
        var run = await Gate();
        run.Code.Should().Be(ExitCode.CouldNotJudge, run.Output + run.Error);
        run.Output.Should().Contain("(new)").And.Contain("not in the ledger").And.Contain("COULD NOT JUDGE");
        File.Exists(folder.At("out/report.html")).Should().BeTrue();
        File.Exists(folder.At("out/junit.xml")).Should().BeTrue();
        File.Exists(folder.At("out/comment.md")).Should().BeTrue();
        File.Exists(ReceivedLedger.PathOf(LedgerPath)).Should().Be(!SnapshotOptions.InContinuousIntegration(Environment.GetEnvironmentVariable("CI")));

        // What was found is expected.
        var found = new Ledger([.. Found("llava")]);
        found.Save(LedgerPath);
        run = await Gate();
        run.Code.Should().Be(ExitCode.Success, run.Output);
        run.Output.Should().Contain("PASS").And.Contain($"{found.Entries.Count} of {found.Entries.Count} verdicts");
        File.Exists(ReceivedLedger.PathOf(LedgerPath)).Should().BeFalse("nothing waits any more");

        // The opposite of a decided verdict is expected.
        var decided = found.Entries.First(entry => entry.Expected is Verdict.Supported or Verdict.Refuted);
        var opposite = decided.Expected == Verdict.Supported ? Verdict.Refuted : Verdict.Supported;
        found.With([decided with { Expected = opposite }]).Save(LedgerPath);
        run = await Gate();
        run.Code.Should().Be(ExitCode.ClaimBroken, run.Output);
        run.Output.Should().Contain($"{decided.Claim} [llava]: expected {opposite}, found {decided.Expected}");

        // A verdict is expected that could not be judged.
        var open = found.Entries.First(entry => entry.Expected == Verdict.NotRun);
        found.With([open with { Expected = Verdict.Supported }]).Save(LedgerPath);
        run = await Gate();
        run.Code.Should().Be(ExitCode.CouldNotJudge, run.Output);
        run.Output.Should().Contain($"{open.Claim} [llava]: expected Supported, found NotRun");

        // A subject that cannot be loaded: required, optional, and named, which makes it required.
        found.Save(LedgerPath);
        Directory.CreateDirectory(folder.At("empty"));
        Write(Llava, new { name = "absent", checkpoint = folder.At("empty"), required = false });
        (await Gate()).Code.Should().Be(ExitCode.Success, "an optional one is left out");
        run = await Gate("--subject", "absent");
        run.Code.Should().Be(ExitCode.CouldNotJudge);
        run.Output.Should().Contain("absent is required and did not run").And.Contain("no claim was judged").And.NotContain("0 of 0");
        run.Error.Should().Contain("absent: not run; the result says why").And.NotContain("config.json", "the reason is said once");
        Write(Llava, new { name = "absent", checkpoint = folder.At("empty") });
        run = await Gate();
        run.Code.Should().Be(ExitCode.CouldNotJudge);
        run.Output.Should().Contain("absent is required and did not run");
        Write(Llava, new { name = "absent", checkpoint = "nobody/nothing" });
        (await Gate()).Code.Should().Be(ExitCode.CouldNotJudge, "what may be a name of the hub is no slip");
        Write(Llava);

        // Less than the ledger was made on breaks no claim, and leaves the gate's folder and what waits alone.
        found.With([decided with { Expected = opposite }]).Save(LedgerPath);
        var report = File.ReadAllText(folder.At("out/report.html"));
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Vrp.Cli"),
            ["gate", "--config", Config, "--limit", "39"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        using (var preview = Process.Start(start)!)
        {
            (await preview.StandardOutput.ReadToEndAsync()).Should().Contain("PREVIEW: ").And.NotContain("CLAIM BROKEN");
            await preview.WaitForExitAsync();
            preview.ExitCode.Should().Be(ExitCode.CouldNotJudge);
        }

        File.ReadAllText(folder.At("artifacts/preview/summary.md")).Should().Contain("PREVIEW");
        File.ReadAllText(folder.At("artifacts/preview/junit.xml")).Should().Contain("failures=\"0\"").And.Contain("preview: ");
        Directory.Exists(folder.At("artifacts/gate")).Should().BeFalse();
        File.ReadAllText(folder.At("out/report.html")).Should().Be(report);
        File.Exists(ReceivedLedger.PathOf(LedgerPath)).Should().BeFalse();
        (await Gate("--limit", "40")).Code.Should().Be(ExitCode.ClaimBroken, "as many as the file asks is no preview");
        found.Save(LedgerPath);

        // A model against itself, as a stored run, as a subject of the file and as a checkpoint.
        run = await Gate("--baseline", RunOf("llava"), "--candidate", "llava");
        run.Code.Should().Be(ExitCode.Success, run.Output);
        run = await Gate("--baseline", RunOf("llava"), "--candidate", RunOf("llava"));
        run.Code.Should().Be(ExitCode.Success, run.Output);
        run = await Gate("--baseline", RunOf("llava"), "--candidate", Fixtures.At("checkpoints", "llava"));
        run.Code.Should().Be(ExitCode.Success, run.Output);
        run = await Gate("--baseline", RunOf("llava"), "--candidate", "nobody/nothing");
        run.Code.Should().Be(ExitCode.CouldNotJudge, "a checkpoint that is not there");
        run.Output.Should().Contain("did not run");
        File.WriteAllText(Config, File.ReadAllText(Config).Replace("\"study\":", "\"other\":", StringComparison.Ordinal));
        (await Gate("--baseline", RunOf("llava"), "--candidate", "llava")).ShouldBeRefused("was run on 'study'", "other");
    }

    [Fact]
    public void StoredRuns_ARunAskedForTwice_IsReadOnce()
    {
        var reads = new List<string>();
        var stored = new StoredRuns(name =>
        {
            reads.Add(name);
            return new StudyResult(name, "llava", 1, "d", [], [], []);
        });
        string run = folder.At("run"), other = folder.At("other");
        foreach (var each in new[] { run, other })
        {
            Directory.CreateDirectory(each);
            File.WriteAllText(Path.Combine(each, RunFolder.Metrics), "");
        }

        stored.Find(run)!.Subject.Should().Be(run);
        stored.Find(other).Should().NotBeSameAs(stored.Find(run));
        stored.Find(folder.At("no-run")).Should().BeNull();
        reads.Should().Equal(run, other);
    }

    [Fact]
    public async Task Gate_FilesOfQuestionSetsAbsent_NamesAllAtOnceBeforeAnythingRuns()
    {
        var run = await CommandRun.Of("gate", "--config", Fixtures.At("..", "vrp.study.json"), "--out", folder.At("out"));
        run.ShouldBeRefused("4 files", "counting.jsonl", "spatial.jsonl", "llava-bench.jsonl", "llava-bench-judgements.jsonl", "docs/datasets.md",
            "vrp.pope.json");
        run.Error.Split("counting.jsonl").Should().HaveCount(2, "once, not once a subject");
        Directory.Exists(folder.At("out")).Should().BeFalse();
    }

    [Fact]
    public async Task Gate_PicturesOfPopeAbsent_NamesTheCommandThatBringsThem() =>
        (await CommandRun.Of("gate", "--config", Fixtures.At("..", "vrp.pope.json"), "--images", folder.At("none"))).ShouldBeRefused("500 of 500 images",
            "vrp fetch pope");

    [Fact]
    public async Task Gate_SubjectsSideBySide_AreJudgedAsAlone()
    {
        var paligemma = new { name = "paligemma", checkpoint = Fixtures.At("checkpoints", "paligemma") };
        byte[][] Results(string subject) =>
            [.. new[] { RunFolder.Metrics, RunFolder.Verdicts, RunFolder.Samples }.Select(name => File.ReadAllBytes(Path.Combine(RunOf(subject), name)))];
        Write(Llava);
        await Gate();
        Write(paligemma);
        await Gate();
        var (llava, other) = (Results("llava"), Results("paligemma"));
        Directory.Delete(folder.At("cache"), recursive: true);

        Write(Llava, new { name = "absent", checkpoint = "nobody/nothing" }, paligemma);
        var run = await Gate();
        run.Output.Should().Contain("absent is required and did not run");
        run.Error.Should().Contain("absent: not run").And.NotContain("internal error");
        foreach (var (found, alone) in Results("llava").Concat(Results("paligemma")).Zip(llava.Concat(other))) found.Should().Equal(alone);
    }

    [Fact]
    public async Task Gate_TwoCheckpointsOfOneName_AreTwoModels()
    {
        Write(Llava);
        string first = folder.At("v1/model"), second = folder.At("v2/model");
        foreach (var (from, to) in new[] { ("llava", first), ("llava_improved", second) })
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.GetFiles(Fixtures.At("checkpoints", from))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        var run = await Gate("--baseline", first, "--candidate", second);
        run.Error.Should().NotContain("internal error");
        var runs = Directory.GetDirectories(Path.Combine(folder.At("cache"), "runs"));
        runs.Should().HaveCount(2);
        runs.Select(at => File.ReadAllText(Path.Combine(at, RunFolder.Samples))).Distinct().Should().HaveCount(2, "the models answer differently");
    }

    [Fact]
    public async Task Gate_TypingErrors_AreNoVerdicts()
    {
        (await Gate()).ShouldBeRefused("vrp.json", "missing");
        Write(Llava);
        (await Gate("--subjct", "llava")).ShouldBeRefused("--subjct");
        folder.Write("file", "in the way");
        (await CommandRun.Of("gate", "--config", Config, "--out", folder.At("file/out"))).ShouldBeRefused("cannot be written");
        (await CommandRun.Of("gate", "--config", Config, "--out", folder.At("g"), "--json", folder.At("."))).ShouldBeRefused("is a folder");
        File.WriteAllText(Config, File.ReadAllText(Config).Replace("checkpoints/llava", "checkpoints/lava", StringComparison.Ordinal));
        (await Gate()).ShouldBeRefused("checkpoints/lava\" of llava: no such folder", "did you mean \"llava\"?");
        Write(Llava);
        (await Gate("--subject", "lava")).ShouldBeRefused("did you mean \"llava\"?");
        (await Gate("--limit", "0")).ShouldBeRefused("limit");
        (await Gate("--limit", "ten")).ShouldBeRefused("ten");
        (await Gate("--budget", "all")).ShouldBeRefused("full, quick or none");
        (await Gate("--device", "gpu")).ShouldBeRefused("cpu, cuda or cuda:N");
        (await Gate("--dtype", "int8")).ShouldBeRefused("float32");
        (await Gate("--threads", "0")).ShouldBeRefused("--threads 0");
        (await Gate("--baseline", "llava")).ShouldBeRefused("go together");
        (await Gate("--baseline", "lava", "--candidate", "llava")).ShouldBeRefused("did you mean \"llava\"?");
        (await Gate("--baseline", "llava", "--candidate", "llava", "--data", "studdy")).ShouldBeRefused("studdy", "study");
        File.WriteAllText(LedgerPath, "{\"schema\":1,\n\"entries\":[{}]}");
        (await Gate()).ShouldBeRefused("ledger.json:2", "must be set");
        File.WriteAllText(Config, "{\n\"subjects\": [],\n\"dat\": {} }");
        (await Gate()).ShouldBeRefused("vrp.json:3", "did you mean \"data\"?");
    }

    [Theory]
    [InlineData("gate")]
    [InlineData("study")]
    [InlineData("trace")]
    public async Task DryRun_OfWhatRunsAModel_SaysWhatItNeedsAndWritesNothing(string command)
    {
        Write(Llava);
        string[] arguments = command == "gate" ? ["gate", "--config", Config]
            : [command, Fixtures.At("checkpoints", "llava"), "--data", Fixtures.At("world", "study.jsonl"), "--limit", "40"];
        var run = await CommandRun.Of([.. arguments, "--out", folder.At("dry"), "--dry-run"]);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().MatchRegex(@"llava: [\d,]+ questions about 40 images in \d+ blocks?").And.Contain("positions")
            .And.Contain("on disk").And.Contain("in memory");
        Directory.Exists(folder.At("dry")).Should().BeFalse();
        Directory.Exists(folder.At("cache/runs")).Should().BeFalse();
    }

    /// <summary>Weights that are all NaN are refused where they are read: a plan does not read them, nor does it need the GPU that it is made for.</summary>
    [Fact]
    public async Task DryRun_OfACheckpoint_ReadsItsSmallFilesAndNoWeights()
    {
        var copy = Directory.CreateDirectory(folder.At("copy")).FullName;
        foreach (var file in Directory.GetFiles(Fixtures.At("checkpoints", "llava"))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var weights = Path.Combine(copy, "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes.AsSpan(8 + (int)BitConverter.ToInt64(bytes)).Fill(0xFF);
        File.WriteAllBytes(weights, bytes);
        string[] study = ["study", copy, "--data", Fixtures.At("world", "study.jsonl"), "--limit", "2", "--budget", "none", "--out", folder.At("dry")];
        (await CommandRun.Of(study)).ShouldBeRefused("NaN");
        foreach (var device in new[] { "cpu", "cuda:7" })
        {
            var run = await CommandRun.Of([.. study, "--dry-run", "--device", device]);
            (run.Code, run.Output.Contains("MiB of weights")).Should().Be((0, true), run.Error);
        }

        (await CommandRun.Of([.. study, "--dry-run", "--device", "gpu"])).ShouldBeRefused("--device gpu: expected cpu, cuda or cuda:N");
    }

    [Fact]
    public async Task Accept_NothingNamed_ListsWhatWaitsAndTakesNone()
    {
        Assert.SkipWhen(SnapshotOptions.InContinuousIntegration(Environment.GetEnvironmentVariable("CI")), "CI accepts nothing.");
        Write(Llava);
        LedgerEntry entry = new("fusion", "llava", Verdict.Supported, "mine"), other = entry with { Expected = Verdict.Refuted };
        new Ledger([entry]).Save(LedgerPath);
        new Ledger([other]).Save(ReceivedLedger.PathOf(LedgerPath));
        string[] accept = ["accept", "--ledger", "--config", Config];
        foreach (var run in new[] { await CommandRun.Of(accept), await CommandRun.Of([.. accept, "--dry-run"]) })
        {
            run.Output.Should().Contain("fusion [llava]: Supported → Refuted").And.Contain("1 would be accepted");
            Ledger.Load(LedgerPath).Entries.Should().Equal(entry);
        }

        (await CommandRun.Of(accept)).Error.Should().Contain("--all");
        (await CommandRun.Of(accept)).Code.Should().Be(64);
        (await CommandRun.Of([.. accept, "--all"])).Code.Should().Be(0);
        Ledger.Load(LedgerPath).Entries.Should().Equal(other);
        (await CommandRun.Of(accept)).Output.Should().Contain("nothing waits");
    }

    [Fact]
    public void Accept_Ledger_TakesWhatMatchesAndRefusesInContinuousIntegration()
    {
        Write(Llava);
        LedgerEntry Entry(string claim, Verdict verdict, string reason) => new(claim, "llava", verdict, reason);
        new Ledger([Entry("fusion", Verdict.Supported, "mine"), Entry("logit-lens", Verdict.Refuted, "mine")]).Save(LedgerPath);
        LedgerCheck Check(string claim, Verdict found) => new(claim, "llava", Ledger.Load(LedgerPath).Find(claim, "llava"), found, "the run's", null);
        void Receive(bool ci, params LedgerCheck[] checks) =>
            ReceivedLedger.Write(new JudgingSession(VrpConfig.Load(Config), _ => throw new InvalidOperationException()), checks, ci);
        var received = ReceivedLedger.PathOf(LedgerPath);
        int Accept(string? pattern, out string text, bool ci = false)
        {
            using var output = new StringWriter();
            var code = AcceptCommand.Verdicts(Config, pattern, ci, output);
            text = output.ToString();
            return code;
        }

        Receive(true, Check("fusion", Verdict.Refuted));
        File.Exists(received).Should().BeFalse("nobody is there to accept it");
        Accept(null, out var said).Should().Be(0);
        said.Should().Contain("nothing waits");

        Receive(false, Check("fusion", Verdict.Refuted), Check("logit-lens", Verdict.Refuted), Check("sparse-probe", Verdict.NotRun));
        var before = File.ReadAllText(LedgerPath);
        ((Action)(() => Accept(null, out _, ci: true))).Should().Throw<VrpException>().WithMessage("*CI is set*");
        ((Action)(() => Accept("attention", out _))).Should().Throw<VrpException>().Which.Message.Should().Contain("sparse-probe llava, fusion llava");
        File.ReadAllText(LedgerPath).Should().Be(before);

        Accept("SPARSE*llava", out said);
        said.Should().Contain("sparse-probe [llava]: new → NotRun").And.Contain("1 accepted");
        File.Exists(received).Should().BeTrue("fusion still waits");
        Accept("fusion", out said);
        said.Should().Contain("fusion [llava]: Supported → Refuted");
        File.Exists(received).Should().BeFalse();
        Ledger.Load(LedgerPath).Entries.Should().Equal(Entry("sparse-probe", Verdict.NotRun, "the run's"), Entry("logit-lens", Verdict.Refuted, "mine"),
            Entry("fusion", Verdict.Refuted, "the run's"));
    }

    [Fact]
    public async Task Ledger_TableAndPage_AreOfTheConfigurationsLedger()
    {
        Write(Llava);
        (await CommandRun.Of("ledger", "--config", Config)).Output.Should().Contain("holds no entry");
        new Ledger([new LedgerEntry("fusion", "llava", Verdict.Supported, "a [reason]", "published")]).Save(LedgerPath);
        var run = await CommandRun.Of("ledger", "--config", Config, "--page", folder.At("page.md"));
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("| `fusion` | Supported † |");
        File.ReadAllText(folder.At("page.md")).Should().Contain("`ledger.json`").And.Contain("**llava**, Supported †: a &#91;reason&#93;")
            .And.NotContain(folder.Path + "/ledger");
    }
}
