using Vrp.Harness.Claims;
using Vrp.Harness.Reporting;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Tests.Reporting;

public class AttentionFilesTests
{
    internal static void Write(string path, IReadOnlyList<QuestionMap> maps)
    {
        using var file = File.Create(path);
        AttentionFile.Write(file, maps);
    }

    static readonly QuestionMap[] maps = [new("a", 2, 3, [0.5, 0.25, 0.125, 0.0625, 0.0625, 0]), new("b \"quoted\" ü", 1, 1, [1])];

    [Fact]
    public void Read_WhatWriteWrote_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        Write(folder.At("maps"), maps);
        AttentionFile.Read(folder.At("maps")).Values.Should().BeEquivalentTo(maps);
        Write(folder.At("none"), []);
        AttentionFile.Read(folder.At("none")).Should().BeEmpty();
    }

    [Fact]
    public void Read_NotANumber_IsAnErrorThatNamesIt()
    {
        using var folder = new TemporaryFolder();
        Write(folder.At("maps"), [new("bad", 1, 2, [double.NaN, 1])]);
        ((Action)(() => AttentionFile.Read(folder.At("maps")))).Should().Throw<VrpException>().WithMessage("*bad*NaN*cell 0*vrp analyze*");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(20)]
    [InlineData(-1)]
    public void Read_CutOff_IsAnError(int keep)
    {
        using var folder = new TemporaryFolder();
        Write(folder.At("maps"), maps);
        var bytes = File.ReadAllBytes(folder.At("maps"));
        File.WriteAllBytes(folder.At("maps"), bytes[..(keep < 0 ? bytes.Length + keep : keep)]);
        ((Action)(() => AttentionFile.Read(folder.At("maps")))).Should().Throw<VrpException>().WithMessage("*maps*");
    }

    [Fact]
    public void Read_Missing_IsAnError() => ((Action)(() => AttentionFile.Read("/nowhere/maps"))).Should().Throw<VrpException>().WithMessage("*is missing*");

    [Theory]
    [InlineData(false, new byte[] { 255, 128, 64, 32, 32, 0 })]
    [InlineData(true, new byte[] { 0xF8, 0x42, 0x20 })]
    public void ToJson_Cells_AreSharesOfTheLargest(bool coarse, byte[] expected)
    {
        using var folder = new TemporaryFolder();
        Write(folder.At(RunFolder.Attention), maps);
        var question = SampleReports.Studies[0].Questions[0];
        QuestionResult[] questions = [question with { Id = "missing", Grid = (5, 5) }, question with { Id = "a", Grid = (2, 3) }];
        var heat = HeatMaps.Of(new ReportSubject(SampleReports.Studies[0] with { Questions = questions }, null, folder.Path));

        var json = heat.ToJson(questions, coarse);

        json["grids"]!.AsArray().Select(size => (int)size!).Should().Equal(0, 0, 2, 3);
        System.Buffers.Text.Base64Url.DecodeFromChars((string)json["cells"]!).Should().Equal(expected);
        ((double)json["peaks"]![1]!).Should().Be(0.5);
    }

    [Fact]
    public void Of_OtherGridThanTheSample_IsAnError()
    {
        using var folder = new TemporaryFolder();
        Write(folder.At(RunFolder.Attention), maps);
        var study = SampleReports.Studies[0];
        var subject = new ReportSubject(study with { Questions = [study.Questions[0] with { Id = "a", Grid = (3, 2) }] }, null, folder.Path);
        ((Action)(() => HeatMaps.Of(subject))).Should().Throw<VrpException>().WithMessage("*map of a is 2 × 3*3 × 2*");
    }
}
