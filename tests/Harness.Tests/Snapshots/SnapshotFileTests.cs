using System.Text.RegularExpressions;
using Vrp.Harness.Claims;
using Vrp.Harness.Snapshots;

namespace Vrp.Harness.Tests.Snapshots;

public class SnapshotFileTests
{
    const string Name = "HiddenStateProbe.Linear_probe_AUROC_on_POPE_exceeds_0_95_subject=llava-fixture";

    static SnapshotResult Check(TemporaryFolder folder, Snapshot snapshot, SnapshotOptions? options = null) =>
        SnapshotFile.Check(folder.Path, "HiddenStateProbe", "Linear_probe_AUROC_on_POPE_exceeds_0_95", "llava-fixture", snapshot,
            options ?? MadeUpStudy.Options);

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
        result.Text.Should().StartWith($"New: {Name}.verified.json\n").And.Contain($"vrp accept \"{Name}\" --snapshots \"{folder.Path}\"");
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
        var kinds = Enumerable.Range(1, 3).Select(step => Check(folder,
            MadeUpStudy.Snapshot(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value - 0.0009 * step })).Kind);
        kinds.Should().Equal(SnapshotKind.Equal, SnapshotKind.Equal, SnapshotKind.NotEqual);
    }

    [Fact]
    public void Check_Moved_ShowsWasIsAllowedAndTheSamples()
    {
        using var folder = new TemporaryFolder();
        Check(folder, MadeUpStudy.Snapshot());
        SnapshotFile.CheckSamples(folder.Path, "llava-fixture", LabelSnapshot.Of(MadeUpStudy.Of(), MadeUpStudy.Kernels),
            MadeUpStudy.Options).Kind.Should().Be(SnapshotKind.New);
        AcceptAll(folder);

        var study = MadeUpStudy.Of(MadeUpStudy.Auroc with { Value = 0.8 }, Verdict.Refuted, "wrong", "wrong", "correct", "correct");
        var samples = LabelSnapshot.Of(study, MadeUpStudy.Kernels);
        var result = Check(folder, Snapshot.Of(study, MadeUpStudy.Claim, MadeUpStudy.Kernels), MadeUpStudy.Options with { Samples = samples });

        result.Kind.Should().Be(SnapshotKind.NotEqual);
        result.Text.Should().MatchRegex(@"^NotEqual: HiddenStateProbe\S+\.verified\.json\n  verdict: was Supported, is Refuted\n");
        result.Text.Should().MatchRegex(
            @"auroc \[yes-no, layer 03, l2\] +value +0\.943217 +0\.8 +-0\.143 +0\.002 +noise floor of hidden-state-probe/auroc, cpu-float32");
        result.Text.Should().Contain("questions that moved: 2 of 4 (1 lost, 1 won)").And.Contain("q-0: correct → wrong").And.Contain("q-3: unparsed → correct");
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
    [InlineData("{\"schema\": 1}", "*has schema 1, expected 2*")]
    [InlineData("{\"schema\": 2}", "*is not a snapshot*")]
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
    public void InContinuousIntegration_Variable_AsCiServicesSetIt(string? variable, bool expected) =>
        SnapshotOptions.InContinuousIntegration(variable).Should().Be(expected);

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
    public void Name_HubNameAsSubject_BecomesAFileName() =>
        SnapshotName.Of("A", "B", "llava-hf/llava-1.5-7b-hf@main").Should().Be("A.B_subject=llava-hf-llava-1.5-7b-hf@main");

    [Fact]
    public void Name_EmptyPart_IsNamed() =>
        ((Action)(() => SnapshotName.Of("A", " ", "m"))).Should().Throw<SnapshotException>().WithMessage("*method has no name*");

    [Fact]
    public void Tolerances_WrittenAndRead_AreTheSame()
    {
        using var folder = new TemporaryFolder();
        var made = MadeUpStudy.Tolerances.WithShare(0.05).With("cuda-bfloat16", new Dictionary<string,
            double?> { ["fusion/auroc"] = 0.01, ["logit-lens/peak_layer"] = null });
        made.Write(folder.At("tolerances.json"));
        var read = SnapshotTolerances.Read(folder.At("tolerances.json"));
        read.Text().Should().Be(made.Text());
        read.Share.Should().Be(0.05);
        read.Floor("cuda-bfloat16", "fusion/auroc").Should().Be(0.01);
        foreach (var (profile, family) in new[] { ("cuda-bfloat16", "logit-lens/peak_layer"), ("cuda-bfloat16", "fusion/other"),
            ("cpu-float32", "fusion/auroc"), ("other", "fusion/auroc") })
            read.Floor(profile, family).Should().BeNull($"{family} of {profile}");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Tolerances_NotANumber_AreRefused(double value) =>
        ((Action)(() => SnapshotTolerances.Default.With("p", new Dictionary<string, double?> { ["fusion/auroc"] = value })))
            .Should().Throw<SnapshotException>().WithMessage("*fusion/auroc*");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1)]
    public void Tolerances_ShareOutsideZeroToOne_IsRefused(double share) =>
        ((Action)(() => SnapshotTolerances.Default.WithShare(share))).Should().Throw<SnapshotException>().WithMessage("a share of*from 0 to below 1*");

    [Fact]
    public void Tolerances_MissingFile_SaysWhatMakesIt() =>
        ((Action)(() => SnapshotTolerances.Read("nowhere.json"))).Should().Throw<SnapshotException>().WithMessage("*nowhere.json is missing*vrp noise*");

    [Theory]
    [InlineData("cpu", "AVX512, ONEDNN_MAX_CPU_ISA=SSE41", "AVX512, ONEDNN_MAX_CPU_ISA=SSE41, libtorch 2.10.0.0")]
    [InlineData("cuda, NVIDIA H100", null, "cuda, NVIDIA H100, libtorch 2.10.0.0")]
    public void Kernels_FactsOfATrace_NameWhatTheArithmeticWasDoneWith(string device, string? instructions, string expected)
    {
        var facts = new Dictionary<string, string> { ["numerics.device"] = device, ["numerics.libtorch"] = "2.10.0.0" };
        if (instructions is not null) facts["numerics.instructions"] = instructions;
        SnapshotProfile.Kernels(facts).Should().Be(expected);
    }

    [Theory]
    [InlineData("cuda:1", "bf16", "cuda-bfloat16")]
    [InlineData("cpu", "Float32", "cpu-float32")]
    public void Profile_Names_AreNormalised(string device, string dtype, string expected) => SnapshotProfile.Of(device, dtype).Should().Be(expected);
}
