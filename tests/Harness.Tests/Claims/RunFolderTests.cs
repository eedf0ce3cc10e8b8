using System.Text.Json;
using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Intervening;
using Vrp.Harness.Studies;
using Vrp.Models;
using Vrp.Models.Storage;
using Xunit;

namespace Vrp.Harness.Tests.Claims;

public class RunFolderTests
{
    static readonly Lazy<StudyResult> result = new(() =>
    {
        var trace = TestTraces.Small.Build();
        return Study.Analyze(trace, new SyntheticInterventions(arm => arm.Selection == UnitSelection.Top ? 0.2 : 0.02).Build(trace, TestTraces.Options),
            TestTraces.Options);
    });

    [Fact]
    public void Write_ThenRead_GivesTheStudyBack()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(folder.Path, result.Value);

        var stored = RunFolder.Read(folder.Path);

        stored.Estimates.Should().Equal(result.Value.Estimates);
        stored.Verdicts.Select(verdict => (verdict.Claim, verdict.Verdict,
            verdict.Reason)).Should().Equal(result.Value.Verdicts.Select(claim => (claim.Claim, claim.Verdict, claim.Reason)));
        stored.Questions.Should().BeEquivalentTo(result.Value.Questions, options => options.WithStrictOrdering());
        Directory.GetFiles(folder.Path).Select(Path.GetFileName).Should().BeEquivalentTo(RunFolder.Metrics, RunFolder.Verdicts, RunFolder.Samples,
            RunFolder.Attention, RunFolder.Manifest);
    }

    [Fact]
    public void MetricsText_Fields_AreSortedUniqueAndFinite()
    {
        using var metrics = JsonDocument.Parse(RunFolder.MetricsText(result.Value));
        metrics.RootElement.GetProperty("schema").GetInt32().Should().Be(1);
        var rows = metrics.RootElement.GetProperty("estimates").EnumerateArray().ToArray();
        rows[0].EnumerateObject().Select(field => field.Name).Should().Equal("claim", "measure", "kind", "layer", "arm", "value", "low", "high", "level", "n",
            "groups", "method", "seed");
        result.Value.Estimates.Should().BeInAscendingOrder();
        rows.Select(row => string.Join('|', new[] { "claim", "measure", "kind", "layer", "arm" }.Select(field => row.GetProperty(field))))
            .Should().OnlyHaveUniqueItems();
        result.Value.Verdicts.Should().HaveCount(ClaimRegistry.All.Count);
    }

    [Fact]
    public void SamplesText_ProbeScores_AreOnTheScoredHalfOnly()
    {
        result.Value.Questions.Where(question => question.Split == "fit")
            .Should().NotBeEmpty().And.OnlyContain(question => !question.Scores.ContainsKey("probe"));
        result.Value.Questions.Where(question => question.Split == "score"
            && question.Kind == "yes-no").Should().NotBeEmpty().And.OnlyContain(question => question.Scores.ContainsKey("probe"));
    }

    [Fact]
    public void Write_AttentionFile_IsSafetensorsOfHalves()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(folder.Path, result.Value);
        var bytes = File.ReadAllBytes(Path.Combine(folder.Path, RunFolder.Attention));

        var length = (int)BitConverter.ToInt64(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        header.RootElement.EnumerateObject().Should().HaveCount(result.Value.Maps.Count);
        var map = result.Value.Maps[3];
        var entry = header.RootElement.GetProperty(map.Id);
        entry.GetProperty("dtype").GetString().Should().Be("F16");
        var start = 8 + length + entry.GetProperty("data_offsets")[0].GetInt32();
        for (var cell = 0; cell < map.Mass.Length; cell++) ((double)BitConverter.ToHalf(bytes, start + 2 * cell)).Should().BeApproximately(map.Mass[cell],
            1e-3);
    }

    [Fact]
    public void Read_MissingFile_SaysWhatMakesIt()
    {
        using var folder = new TemporaryFolder();
        ((Action)(() => RunFolder.Read(folder.Path))).Should().Throw<VrpException>().WithMessage("*metrics.json*vrp analyze*");
    }

    [Fact]
    public void Read_DamagedFile_NamesIt()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(folder.Path, result.Value);
        File.WriteAllText(Path.Combine(folder.Path, RunFolder.Verdicts), "{\"claims\": 3}");
        ((Action)(() => RunFolder.Read(folder.Path))).Should().Throw<VrpException>().WithMessage("*verdicts.json*");
    }

    [Theory]
    [InlineData(RunFolder.Metrics)]
    [InlineData(RunFolder.Verdicts)]
    [InlineData(RunFolder.Samples)]
    [InlineData(RunFolder.Attention)]
    public void Read_OneBitFlipped_IsRefusedByName(string file)
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(folder.Path, result.Value);
        var bytes = File.ReadAllBytes(folder.At(file));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder.At(file), bytes);
        ((Action)(() => RunFolder.Read(folder.Path))).Should().Throw<VrpException>().WithMessage($"*{file}*{RunFolder.Manifest}*vrp analyze*");
    }

    [Theory]
    [InlineData(RunFolder.Metrics)]
    [InlineData(RunFolder.Samples)]
    [InlineData(RunFolder.Attention)]
    public void Read_FilesOfTwoAnalyses_AreRefused(string kept)
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(folder.Path, result.Value);
        var older = File.ReadAllBytes(folder.At(kept));
        RunFolder.Write(folder.Path, result.Value with { Estimates = [.. result.Value.Estimates.Skip(1)], Questions = [.. result.Value.Questions.Skip(1)],
            Maps = [.. result.Value.Maps.Skip(1)] });
        File.WriteAllBytes(folder.At(kept), older);
        ((Action)(() => RunFolder.Read(folder.Path))).Should().Throw<VrpException>().WithMessage($"*{kept}*another analysis*");
    }

    [Fact]
    public void Read_WithoutTheMaps_IsTheStudyAllTheSame()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(folder.Path, result.Value);
        File.Delete(folder.At(RunFolder.Attention));
        RunFolder.Read(folder.Path).Estimates.Should().Equal(result.Value.Estimates);
    }

    [Fact]
    public void Write_OneFileCannotTakeItsName_LeavesTheOlderSetAsItWas()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(folder.Path, result.Value);
        var before = Directory.GetFiles(folder.Path).Order().Select(File.ReadAllBytes).ToArray();
        var other = new (string, Action<Stream>)[]
        {
            (folder.At(RunFolder.Metrics), stream => stream.WriteByte(1)),
            (folder.At(RunFolder.Verdicts), _ => throw new IOException("No space left on device")),
        };
        ((Action)(() => AtomicFile.WriteTogether(other))).Should().Throw<VrpException>().WithMessage("*verdicts.json*No space left*");
        Directory.GetFiles(folder.Path).Order().Select(File.ReadAllBytes).Should().BeEquivalentTo(before, options => options.WithStrictOrdering());
        RunFolder.Read(folder.Path).Estimates.Should().Equal(result.Value.Estimates);
    }

    [Fact]
    public void Verdicts_Table_HasALinePerClaim() =>
        StudyTables.Verdicts(result.Value).Split('\n').Count(line => ClaimRegistry.All.Any(claim => line.StartsWith(claim.Id + " ", StringComparison.Ordinal)))
            .Should().Be(ClaimRegistry.All.Count);

    [Fact]
    public void Figures_Table_PutsOursBesideThePrinted()
    {
        var table = StudyTables.Figures([result.Value]);
        var auroc = result.Value.Find("hidden-state-probe", "auroc", arm: "l2")!.Estimate;
        table.Should().Contain("0.956").And.Contain(auroc.Value.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture));
        table.Split('\n').Should().AllSatisfy(line => line.Length.Should().BeLessThanOrEqualTo(80));
        // A row goes on in the lines below it that begin with a blank.
        var lines = table.Split('\n').SkipWhile(line => !line.StartsWith("attention-heads", StringComparison.Ordinal)).ToArray();
        string.Join(' ', lines.Take(1).Concat(lines.Skip(1).TakeWhile(line => line.StartsWith(' ')))).Should().Contain("n=");
    }

    [Fact]
    public void Of_SameSubjectTwice_IsRefused() =>
        ((Action)(() => Comparison.Of([result.Value, result.Value]))).Should().Throw<VrpException>().WithMessage("*counted twice*");

    [Fact]
    public void Of_OneSubject_IsRefused() => ((Action)(() => Comparison.Of([result.Value]))).Should().Throw<VrpException>().WithMessage("*at least two*");

    [Fact]
    public void Of_TwoSubjects_PoolsAndMetaAnalyses()
    {
        var other = Study.Analyze((TestTraces.Small with { Family = "paligemma", Seed = 4 }).Build(), null, TestTraces.Options);

        var comparison = Comparison.Of([result.Value, other], TestTraces.Options);

        var pooled = comparison.Estimates.First(row => row.Measure == "r_pb_entropy" && row.Arm == "pooled").Estimate;
        pooled.N.Should().Be(result.Value.Questions.Count + other.Questions.Count);
        comparison.Estimates.Should().Contain(row => row.Measure == "r_pb_entropy" && row.Arm == "meta-analysis");
        comparison.Split.Verdict.Should().Be(Verdict.NotRun, "one of the two has no ablation");
        StudyTables.Of(comparison).Should().Contain("architecture-split: NotRun");
    }
}
