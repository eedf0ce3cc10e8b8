using System.Text.RegularExpressions;
using Vrp.Harness.Claims;
using Vrp.Harness.Snapshots;

namespace Vrp.Harness.Tests.Snapshots;

public class SnapshotFileTests
{
    const string Name = "HiddenStateProbe.Linear_probe_AUROC_on_POPE_exceeds_0_95_subject=llava-fixture";

    static SnapshotResult Check(TemporaryFolder folder, Snapshot snapshot, SnapshotOptions? options = null) =>
        SnapshotFile.Check(folder.Path, "HiddenStateProbe", "Linear_probe_AUROC_on_POPE_exceeds_0_95", "llava-fixture", snapshot, options ?? MadeUpStudy.Options);

    static string[] Files(TemporaryFolder folder) => [.. Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    static void AcceptAll(TemporaryFolder folder)
    {
        foreach (var pending in SnapshotAcceptance.Find(folder.Path)) SnapshotAcceptance.Accept(pending, continuousIntegration: false);
    }

    [Fact]
    public void Check_NoVerifiedFile_IsNewAndLeavesAReceivedOneOnly()
    {
        using var folder = new TemporaryFolder();
        var result = Check(folder, MadeUpStudy.Snapshot());
        (result.Kind, result.Failed).Should().Be((SnapshotKind.New, true));
        result.Text.Should().StartWith($"New: {Name}.verified.json\n").And.Contain($"vrp accept \"{Name}\"");
        Files(folder).Should().Equal($"{Name}.received.json");
        File.ReadAllText(result.Received).Should().Be(MadeUpStudy.Snapshot().Text);
    }

    [Fact]
    public void Check_AcceptedThenWithinTolerance_IsEqualAndTheVerifiedFileStays()
    {
        using var folder = new TemporaryFolder();
        Check(folder, MadeUpStudy.Snapshot());
        AcceptAll(folder);
        var bytes = File.ReadAllBytes(folder.At($"{Name}.verified.json"));

        var result = Check(folder, MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = 0.9440 }));

        result.Kind.Should().Be(SnapshotKind.Equal);
        result.ThrowUnlessEqual();
        Files(folder).Should().Equal($"{Name}.verified.json");
        File.ReadAllBytes(folder.At($"{Name}.verified.json")).Should().Equal(bytes);
    }

    [Fact]
    public void Check_ADriftOfManySmallSteps_IsCaught()
    {
        // Equal never rewrites the verified file: steps within the tolerance do not add up unseen.
        using var folder = new TemporaryFolder();
        Check(folder, MadeUpStudy.Snapshot());
        AcceptAll(folder);
        var kinds = Enumerable.Range(1, 3).Select(step => Check(folder, MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value - 0.0009 * step })).Kind);
        kinds.Should().Equal(SnapshotKind.Equal, SnapshotKind.Equal, SnapshotKind.NotEqual);
    }

    [Fact]
    public void Check_Moved_ShowsWasIsAllowedAndTheSamples()
    {
        using var folder = new TemporaryFolder();
        Check(folder, MadeUpStudy.Snapshot());
        SnapshotFile.CheckSamples(folder.Path, "llava-fixture", SampleSnapshot.Of(MadeUpStudy.Of(), MadeUpStudy.Tolerances), MadeUpStudy.Options).Kind.Should().Be(SnapshotKind.New);
        AcceptAll(folder);

        var study = MadeUpStudy.Of(MadeUpStudy.Auroc with { Value = 0.8 }, Verdict.Refuted, "wrong", "wrong", "correct", "correct");
        var samples = SampleSnapshot.Of(study, MadeUpStudy.Tolerances);
        var result = Check(folder, Snapshot.Of(study, MadeUpStudy.Claim, MadeUpStudy.Tolerances), MadeUpStudy.Options with { Samples = samples });

        result.Kind.Should().Be(SnapshotKind.NotEqual);
        result.Text.Should().MatchRegex(@"^NotEqual: HiddenStateProbe\S+\.verified\.json\n  verdict: was Supported, is Refuted\n");
        Regex.IsMatch(result.Text, @"auroc \[yes-no, layer 03, l2\] +value +0\.943217 +0\.8 +-0\.143 +0\.002").Should().BeTrue("{0}", result.Text);
        result.Text.Should().Contain("samples that moved: 2 of 4 (1 lost, 1 won)").And.Contain("q-0: correct → wrong").And.Contain("q-3: unparsed → correct");
        result.Moved.Select(move => move.Id).Should().Equal("q-0", "q-3");
        ((Action)result.ThrowUnlessEqual).Should().Throw<SnapshotException>().WithMessage("NotEqual: *");

        var own = SnapshotFile.CheckSamples(folder.Path, "llava-fixture", samples, MadeUpStudy.Options);
        own.Kind.Should().Be(SnapshotKind.NotEqual);
        Regex.Count(own.Text, "q-0: correct → wrong").Should().Be(1);
        own.Moved.Should().HaveCount(2);
    }

    [Fact]
    public void Check_EqualAfterAFailure_RemovesTheReceivedFile()
    {
        using var folder = new TemporaryFolder();
        Check(folder, MadeUpStudy.Snapshot());
        AcceptAll(folder);
        Check(folder, MadeUpStudy.Snapshot(verdict: Verdict.Refuted)).Kind.Should().Be(SnapshotKind.NotEqual);
        Check(folder, MadeUpStudy.Snapshot()).Kind.Should().Be(SnapshotKind.Equal);
        Files(folder).Should().Equal($"{Name}.verified.json");
    }

    [Theory]
    [InlineData("<<<<<<< HEAD\n{}", "*is not a snapshot*unfinished merge*")]
    [InlineData("", "*is not a snapshot*")]
    [InlineData("{\"schema\": 2}", "*has schema 2, expected 1*")]
    [InlineData("{\"schema\": 1}", "*is not a snapshot*")]
    public void Check_DamagedVerifiedFile_IsNotEqualAndSaysSo(string damaged, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At($"{Name}.verified.json"), damaged);
        var result = Check(folder, MadeUpStudy.Snapshot());
        result.Kind.Should().Be(SnapshotKind.NotEqual);
        result.Text.Should().Match(expected);
    }

    [Fact]
    public void Check_InCI_FailsWritesNoVerifiedFileAndSaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var result = Check(folder, MadeUpStudy.Snapshot(), MadeUpStudy.Options with { ContinuousIntegration = true });
        result.Kind.Should().Be(SnapshotKind.New);
        result.Text.Should().Contain("CI accepts nothing");
        Files(folder).Should().Equal($"{Name}.received.json");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    public void InContinuousIntegration_Variable_AsCiServicesSetIt(string? variable, bool expected) => SnapshotOptions.InContinuousIntegration(variable).Should().Be(expected);

    [Fact]
    public void Stale_VerifiedFileOfNoSpec_IsDeleteUntilASpecMakesItAgain()
    {
        using var folder = new TemporaryFolder();
        Check(folder, MadeUpStudy.Snapshot());
        AcceptAll(folder);

        SnapshotFile.Stale(folder.Path, [Name], MadeUpStudy.Options).Should().BeEmpty();
        var stale = SnapshotFile.Stale(folder.Path, ["Other.Method_subject=m"], MadeUpStudy.Options).Should().ContainSingle().Subject;
        (stale.Kind, stale.Failed).Should().Be((SnapshotKind.Delete, true));
        stale.Text.Should().StartWith($"Delete: {Name}.verified.json\n");
        SnapshotAcceptance.Find(folder.Path).Should().ContainSingle().Which.Kind.Should().Be(SnapshotKind.Delete);

        Check(folder, MadeUpStudy.Snapshot()).Kind.Should().Be(SnapshotKind.Equal);
        SnapshotAcceptance.Find(folder.Path).Should().BeEmpty();
    }

    [Fact]
    public void Stale_NothingClaimed_IsAnErrorAndNotAnEmptyFolder() =>
        ((Action)(() => SnapshotFile.Stale("specs", [], MadeUpStudy.Options))).Should().Throw<SnapshotException>().WithMessage("*no spec claims*");

    [Fact]
    public void Name_HubNameAsSubject_BecomesAFileName() => SnapshotName.Of("A", "B", "llava-hf/llava-1.5-7b-hf@main").Should().Be("A.B_subject=llava-hf-llava-1.5-7b-hf@main");

    [Fact]
    public void Name_EmptyPart_IsNamed() => ((Action)(() => SnapshotName.Of("A", " ", "m"))).Should().Throw<SnapshotException>().WithMessage("*method has no name*");

    [Fact]
    public void Tolerances_WrittenAndRead_AreTheSame()
    {
        using var folder = new TemporaryFolder();
        var made = MadeUpStudy.Tolerances.With("cuda-bfloat16", new Dictionary<string, double> { ["fusion/auroc"] = 0.01 });
        made.Write(folder.At("tolerances.json"));
        var read = SnapshotTolerances.Read(folder.At("tolerances.json"));
        read.Text().Should().Be(made.Text());
        read.For("fusion/auroc").Should().Equal(new Dictionary<string, double> { ["cuda-bfloat16"] = 0.01 });
        read.For("fusion/other").Should().BeEmpty();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Tolerances_NotANumber_AreRefused(double value) =>
        ((Action)(() => SnapshotTolerances.None.With("p", new Dictionary<string, double> { ["fusion/auroc"] = value }))).Should().Throw<SnapshotException>().WithMessage("*fusion/auroc*");

    [Fact]
    public void Tolerances_MissingFile_SaysWhatMakesIt() => ((Action)(() => SnapshotTolerances.Read("nowhere.json"))).Should().Throw<SnapshotException>().WithMessage("*nowhere.json is missing*vrp noise*");

    [Theory]
    [InlineData("cuda:1", "bf16", "cuda-bfloat16")]
    [InlineData("cpu", "Float32", "cpu-float32")]
    public void Profile_Names_AreNormalised(string device, string dtype, string expected) => SnapshotProfile.Of(device, dtype).Should().Be(expected);
}
