using System.Diagnostics;
using Vrp.Cli;
using Vrp.Harness.Claims;
using Vrp.Harness.Noise;
using Vrp.Harness.Studies;
using Vrp.Harness.Tests.Claims;
using Vrp.Models;

namespace Vrp.Harness.Tests.Noise;

public class NoiseRunTests
{
    const string Run = "llava-fixture-study";

    static readonly NoiseVariation usual = All()[0], sse = Named("SSE throughout"), oneThread = Named("1 thread");

    static readonly HashSet<string> everything = ["SSE4.2", "AVX2", "AVX-512"];

    static readonly Lazy<StudyResult> result = new(() => Study.Analyze(TestTraces.Small.Build(), null, TestTraces.Options with { Permutations = 1 },
        only: ["attention-heads"]));

    static IReadOnlyList<NoiseVariation> All(bool onCpu = true) => NoiseVariation.All(onCpu, block: 48, threads: 2);

    static NoiseVariation Named(string name) => All().Single(variation => variation.Name == name);

    /// <summary>Stands for the program that judges: keeps what it was started with, and writes a finished run folder.</summary>
    sealed class Fake(string error = "", int code = 0)
    {
        public List<ProcessStartInfo> Started { get; } = [];

        public (int, string) Start(ProcessStartInfo program)
        {
            Started.Add(program);
            if (code == 0) RunFolder.Write(Path.Combine(program.Environment["VRP_CACHE"]!, "runs", Run), result.Value);
            return (code, error);
        }
    }

    static string? Variable(ProcessStartInfo program, string name) => program.Environment.TryGetValue(name, out var value) ? value : null;

    [Fact]
    public void Run_EachVariation_IsAProcessWithItsOwnStoreAndVariables()
    {
        using var folder = new TemporaryFolder();
        var fake = new Fake();
        var noise = new NoiseRun(new Dictionary<string, string> { ["VRP_LIMIT"] = "60", ["VRP_THREADS"] = "2" }, folder.Path, fake.Start);
        var runs = noise.Run([Run], [usual, sse, oneThread], everything, _ => { }).Should().ContainSingle().Subject;

        runs.Select(run => run.Variation).Should().Equal("as usual", "SSE throughout", "1 thread");
        fake.Started.Should().OnlyContain(program => program.ArgumentList.Contains(NoiseRun.JudgeOnly) && program.Environment["VRP_LIMIT"] == "60");
        fake.Started.Select(program => Variable(program, "VRP_THREADS")).Should().Equal("2", "2", "1");
        fake.Started.Select(program => Variable(program, "ATEN_CPU_CAPABILITY")).Should().Equal(null, "default", null);
        fake.Started.Select(program => Variable(program, "MKL_CBWR")).Should().Equal(null, "COMPATIBLE", null);
        fake.Started.Select(program => program.Environment["VRP_CACHE"]).Should().OnlyHaveUniqueItems("no trace may be shared between variations");
        NoiseTable.Of(runs).Changes.Should().HaveCount(2).And.OnlyContain(change => change.IsSameBits);
    }

    [Fact]
    public void Run_ProcessorWithoutTheInstructions_LeavesItOutUnstarted()
    {
        using var folder = new TemporaryFolder();
        var fake = new Fake();
        var noise = new NoiseRun(new Dictionary<string, string>(), folder.Path, fake.Start);
        noise.Run([Run], [usual, Named("ATen avx512")], new HashSet<string> { "SSE4.2", "AVX2" },
            _ => { })[0].Select(run => run.Variation).Should().Equal("as usual");
        noise.LeftOut.Should().Equal("ATen avx512: this processor has no AVX-512");
        fake.Started.Should().ContainSingle();
    }

    [Fact]
    public void Run_UnknownAtenCapability_IsLeftOut()
    {
        using var folder = new TemporaryFolder();
        var noise = new NoiseRun(new Dictionary<string, string>(), folder.Path,
            new Fake("W DispatchStub.cpp:37] Warning: ignoring invalid value for ATEN_CPU_CAPABILITY: default\n").Start);
        noise.Run([Run], [Named("ATen default")], everything, _ => { })[0].Should().BeEmpty();
        noise.LeftOut.Should().ContainSingle().Which.Should().Contain("does not know ATEN_CPU_CAPABILITY=default");
    }

    [Fact]
    public void Run_Fails_StopsWithItsLastLines()
    {
        using var folder = new TemporaryFolder();
        var run = new NoiseRun(new Dictionary<string, string>(), folder.Path, new Fake("vrp: no such file: d.jsonl\n", 64).Start);
        ((Action)(() => run.Run([Run], [usual], everything, _ => { })))
            .Should().Throw<VrpException>().WithMessage("noise, as usual: the run ended with 64:*no such file: d.jsonl*");
    }

    [Fact]
    public void All_FirstIsUsual_AndNamesAreUnique()
    {
        All()[0].Variables.Should().BeEmpty();
        All().Select(variation => variation.Name).Should().OnlyHaveUniqueItems().And.Contain(["block 24", "block 96", "1 thread", "ATen avx512",
            "MKL compatible", "oneDNN SSE41", "AVX2 throughout"])
            .And.NotContain(["block 48", "2 threads"]);
        All().SelectMany(variation => variation.Variables.Keys).Except(NoiseVariation.Kernels).Should().BeEquivalentTo("VRP_BLOCK", "VRP_THREADS");
    }

    [Fact]
    public void All_OnAGpu_OnlyTheBatchVaries() => All(onCpu: false).Select(variation => variation.Name).Should().Equal("as usual", "block 24", "block 96");

    [Fact]
    public void Chosen_UnknownName_NamesThoseThatThereAre() =>
        ((Action)(() => NoiseCommand.Chosen([usual, sse], ["SSE thruoghout"]))).Should().Throw<VrpException>().WithMessage("*\"SSE thruoghout\"*\"SSE "
            + "throughout\"*");
}
