using System.Text.RegularExpressions;
using Vrp.Cli;
using Vrp.Cli.Tests;
using Vrp.Harness.Snapshots;

namespace Vrp.Harness.Tests.Snapshots;

public class AcceptTests
{
    /// <summary>Three received files: two new ones and one stale.</summary>
    static TemporaryFolder Waiting()
    {
        var folder = new TemporaryFolder();
        SnapshotFile.Check(folder.Path, "Gone", "Spec", "m", MadeUpStudy.Snapshot(), MadeUpStudy.Options);
        foreach (var pending in SnapshotAcceptance.Find(folder.Path)) SnapshotAcceptance.Accept(pending, continuousIntegration: false);
        SnapshotFile.Check(folder.Path, "Probe", "Exceeds", "llava", MadeUpStudy.Snapshot(), MadeUpStudy.Options);
        SnapshotFile.Check(folder.Path, "Probe", "Exceeds", "qwen", MadeUpStudy.Snapshot(), MadeUpStudy.Options);
        SnapshotFile.Stale(folder.Path, ["Probe.Exceeds_subject=llava"], MadeUpStudy.Options).Should().ContainSingle();
        return folder;
    }

    static string[] Files(TemporaryFolder folder) => [.. Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    static (int Code, string[] Lines) Accept(TemporaryFolder folder, string? pattern = null)
    {
        using StringWriter output = new() { NewLine = "\n" };
        var code = AcceptCommand.Snapshots(folder.Path, pattern, continuousIntegration: false, output);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Accept_All_MovesAndDeletesAndSaysSo()
    {
        using var folder = Waiting();
        var (code, lines) = Accept(folder);
        code.Should().Be(0);
        lines.Should().Equal("Delete: Gone.Spec_subject=m.verified.json (no spec makes it any more: deleting)",
            "New: Probe.Exceeds_subject=llava.verified.json", "New: Probe.Exceeds_subject=qwen.verified.json",
            "3 accepted. Review them with git diff, and commit them.");
        Files(folder).Should().Equal("Probe.Exceeds_subject=llava.verified.json", "Probe.Exceeds_subject=qwen.verified.json");
        Accept(folder).Lines.Should().ContainSingle().Which.Should().StartWith("nothing waits");
    }

    [Theory]
    [InlineData("QWEN")]
    [InlineData("*=qwen")]
    [InlineData("Probe.Exceeds_subject=qwen.received.json")]
    public void Accept_Pattern_TakesOnlyWhatMatches(string pattern)
    {
        using var folder = Waiting();
        Accept(folder, pattern).Lines[0].Should().Be("New: Probe.Exceeds_subject=qwen.verified.json");
        Files(folder)
            .Should().Contain("Probe.Exceeds_subject=llava.received.json").And.Contain("Probe.Exceeds_subject=qwen.verified.json")
            .And.Contain("Gone.Spec_subject=m.verified.json");
    }

    [Fact]
    public void Accept_PatternOfNothing_NamesWhatWaits()
    {
        using var folder = Waiting();
        ((Action)(() => Accept(folder, "paligemma"))).Should().Throw<SnapshotException>().WithMessage("*matches \"paligemma\"*Probe.Exceeds_subject=llava*");
        Files(folder).Should().HaveCount(4);
    }

    [Fact]
    public void Accept_InCI_RefusesAndChangesNothing()
    {
        using var folder = Waiting();
        var before = Files(folder);
        ((Action)(() => AcceptCommand.Snapshots(folder.Path, null, continuousIntegration: true, TextWriter.Null)))
            .Should().Throw<SnapshotException>().WithMessage("*CI is set*");
        foreach (var pending in SnapshotAcceptance.Find(folder.Path))
            ((Action)(() => SnapshotAcceptance.Accept(pending, continuousIntegration: true))).Should().Throw<SnapshotException>();
        Files(folder).Should().Equal(before);
    }

    [Fact]
    public void Accept_ForeignReceivedFile_IsNotMadeVerified()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Probe.Exceeds_subject=m.received.json", "half a fi");
        ((Action)(() => Accept(folder))).Should().Throw<SnapshotException>().WithMessage("*is not what a snapshot check writes*");
        Files(folder).Should().Equal("Probe.Exceeds_subject=m.received.json");
    }

    [Fact]
    public void Find_BuildOutputs_AreNotLookedAt()
    {
        using var folder = new TemporaryFolder();
        SnapshotFile.Check(folder.At("bin"), "Probe", "Exceeds", "m", MadeUpStudy.Snapshot(), MadeUpStudy.Options);
        SnapshotFile.Check(folder.At("Family"), "Probe", "Exceeds", "m", MadeUpStudy.Snapshot(), MadeUpStudy.Options);
        SnapshotAcceptance.Find(folder.Path).Should().ContainSingle().Which.Received.Should().Contain("Family");
    }

    [Fact]
    public void Command_AsAFailingSpecPrintsIt_NamesTheFolderInFull()
    {
        using var folder = new TemporaryFolder();
        var text = SnapshotFile.Check(folder.At("my specs"), "Probe", "Exceeds", "llava", MadeUpStudy.Snapshot(), MadeUpStudy.Options).Text;
        var words = Regex.Matches(text[text.IndexOf("vrp accept ", StringComparison.Ordinal)..],
            "\"([^\"]+)\"|[^ \"]+").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value);
        var parsed = AcceptCommand.Build().Parse([.. words.Skip(2)]);
        parsed.Errors.Should().BeEmpty();
        AcceptCommand.Snapshots(parsed.GetValue<string>("--snapshots")!, parsed.GetValue<string>("PATTERN"), continuousIntegration: false,
            TextWriter.Null).Should().Be(0);
        File.Exists(folder.At("my specs/Probe.Exceeds_subject=llava.verified.json")).Should().BeTrue();
    }

    [Fact]
    public void BesideLedger_Configuration_IsTheFolderOfItsLedger()
    {
        using var folder = new TemporaryFolder();
        var config = folder.Write("vrp.json", """{ "subjects": [{ "name": "m", "checkpoint": "m" }], "data": { "d": { "files": ["d.jsonl"] } }, """
            + """ "ledger": "checks/ledger.json" }""");
        AcceptCommand.BesideLedger(config).Should().Be(folder.At("checks"));
    }

    [Fact]
    public async Task Command_MissingFolder_IsUsage() => (await CommandRun.Of("accept", "--snapshots", "/nowhere/specs")).Code.Should().Be(64);

    [Fact]
    public void Find_ReceivedLedgerBesideSnapshots_IsNotASnapshot()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ledger.received.json", """{"schema":1,"entries":[]}""");

        SnapshotAcceptance.Find(folder.Path).Should().BeEmpty();
    }
}
