using System.Diagnostics;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Output;
using Vrp.Harness.Cli;
using Vrp.Harness.Noise;
using Vrp.Harness.Tests.Claims;
using Vrp.Models;

namespace Vrp.Harness.Tests.Noise;

public class NoiseRunTests
{
    static readonly NoiseVariation usual = new("as usual", 2, 48), prescott = new("OpenBLAS Prescott", 2, 48, OpenBlas: "Prescott"), baseline = new("ATen default", 1, 48, Aten: "default");

    static readonly Lazy<StudyResult> result = new(() => Study.Analyze(TestTraces.Small.Build(), null, TestTraces.Options with { Permutations = 1 }, only: ["attention-heads"]));

    /// <summary>Stands for `vrp study`: keeps what it was started with, and writes a finished run folder.</summary>
    sealed class Fake(string error = "Core: Prescott\n", int code = 0)
    {
        public List<ProcessStartInfo> Started { get; } = [];

        public (int, string) Start(ProcessStartInfo program)
        {
            Started.Add(program);
            if (code == 0) RunFolder.Write(program.ArgumentList[program.ArgumentList.IndexOf("--out") + 1], result.Value);
            return (code, error);
        }
    }

    static string? Variable(ProcessStartInfo program, string name) => program.Environment.TryGetValue(name, out var value) ? value : null;

    [Fact]
    public void Run_EachVariation_IsAProcessWithItsOwnFolderAndVariables()
    {
        using var folder = new TemporaryFolder();
        var fake = new Fake();
        var runs = new NoiseRun(["--data", "d.jsonl", "--limit", "60"], folder.Path, fake.Start).Run("models/llava/", [usual, prescott, baseline], reuse: false, _ => { });

        runs.Select(run => run.Variation).Should().Equal("as usual", "OpenBLAS Prescott", "ATen default");
        string Of(int i, string option) => fake.Started[i].ArgumentList[fake.Started[i].ArgumentList.IndexOf(option) + 1];
        fake.Started.Select((_, i) => Of(i, "--threads")).Should().Equal("2", "2", "1");
        fake.Started.Select((_, i) => Of(i, "--out")).Should().OnlyHaveUniqueItems().And.OnlyContain(path => path.StartsWith(folder.At("llava")));
        Of(0, "--block").Should().Be("48");
        Of(0, "study").Should().Be("models/llava/");
        fake.Started.Select(program => Variable(program, "OPENBLAS_CORETYPE")).Should().Equal(null, "Prescott", null);
        fake.Started.Select(program => Variable(program, "ATEN_CPU_CAPABILITY")).Should().Equal(null, null, "default");
        fake.Started.Select(program => program.Environment["VRP_CACHE"]).Should().OnlyHaveUniqueItems("no trace may be shared between variations");
        NoiseTable.Of(runs).Changes.Should().HaveCount(2).And.OnlyContain(change => change.Largest == 0);
    }

    [Theory]
    [InlineData("Core: Zen\n", "OpenBLAS took Zen")]
    [InlineData("Core not found: Prescott\nCore: Haswell\n", "OpenBLAS took Haswell")]
    [InlineData("", "the BLAS in use does not say which kernels it took")]
    public void Run_KernelsNotTaken_IsLeftOutByNameAndNotCountedAsQuiet(string stderr, string reason)
    {
        using var folder = new TemporaryFolder();
        var noise = new NoiseRun([], folder.Path, new Fake(stderr).Start);
        noise.Run("llava", [usual, prescott], reuse: false, _ => { }).Select(run => run.Variation).Should().Equal("as usual");
        noise.LeftOut.Should().Equal($"llava, OpenBLAS Prescott: {reason}");
        Directory.Exists(folder.At("llava/OpenBLAS-Prescott")).Should().BeFalse();
    }

    [Fact]
    public void Run_UnknownAtenCapability_IsLeftOut()
    {
        using var folder = new TemporaryFolder();
        var noise = new NoiseRun([], folder.Path, new Fake("W DispatchStub.cpp:37] Warning: ignoring invalid value for ATEN_CPU_CAPABILITY: default\n").Start);
        noise.Run("llava", [baseline], reuse: false, _ => { }).Should().BeEmpty();
        noise.LeftOut.Should().ContainSingle().Which.Should().Contain("does not know ATEN_CPU_CAPABILITY=default");
    }

    [Fact]
    public void Run_StudyFails_StopsWithItsLastLines()
    {
        using var folder = new TemporaryFolder();
        ((Action)(() => new NoiseRun([], folder.Path, new Fake("Core: Zen\nvrp: no such file: d.jsonl\n", 64).Start).Run("llava", [usual], reuse: false, _ => { })))
            .Should().Throw<VrpException>().WithMessage("noise, as usual: `vrp study` ended with 64:*no such file: d.jsonl*");
    }

    [Fact]
    public void Run_Reuse_TakesFinishedFoldersOnly()
    {
        using var folder = new TemporaryFolder();
        new NoiseRun([], folder.Path, new Fake().Start).Run("llava", [usual], reuse: false, _ => { });
        var second = new Fake();
        new NoiseRun([], folder.Path, second.Start).Run("llava", [usual, baseline], reuse: true, _ => { }).Should().HaveCount(2);
        second.Started.Should().ContainSingle();
        var third = new Fake();
        new NoiseRun([], folder.Path, third.Start).Run("llava", [usual], reuse: false, _ => { });
        third.Started.Should().ContainSingle();
    }

    [Fact]
    public void Variations_FirstIsUsual_AndNamesAreUnique()
    {
        var all = NoiseVariation.For(onCpu: true, block: 48, threads: 2, sse: true, avx2: true, avx512: true);
        all[0].Should().Be(new NoiseVariation("as usual", 2, 48));
        all.Select(variation => variation.Name).Should().OnlyHaveUniqueItems().And.Contain(["block 24", "block 96", "1 thread", "ATen avx512", "OpenBLAS SkylakeX", "SSE throughout, 1 thread"]);
        all.Should().OnlyContain(variation => variation.Arguments.Count == 4);
    }

    [Fact]
    public void Variations_WithoutAvx512_LeaveItOut()
    {
        NoiseVariation.For(onCpu: true, block: 48, threads: 2, sse: true, avx2: true, avx512: false).Should().NotContain(variation => variation.Aten == "avx512" || variation.OpenBlas == "SkylakeX");
        NoiseVariation.For(onCpu: false, block: 48, threads: 2, sse: true, avx2: true, avx512: true).Select(variation => variation.Name).Should().Equal("as usual", "block 24", "block 96");
    }

    [Fact]
    public void Chosen_UnknownName_NamesThoseThatThereAre() =>
        ((Action)(() => NoiseCommand.Chosen([usual, prescott], ["Prescot"]))).Should().Throw<VrpException>().WithMessage("*\"Prescot\"*\"OpenBLAS Prescott\"*");
}
