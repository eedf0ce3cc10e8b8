using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Gating;
using Vrp.Harness.Importing;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Tests.Importing;

public sealed class ImportedStudyTests : IDisposable
{
    static readonly StudyOptions quick = new() { Draws = 400, Permutations = 0 };

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    StudyResult Import(LogFormat format, string log, string? subject = null)
    {
        var read = LogReader.Read(format, log);
        return new ImportedStudy(read, format) { Protocol = quick, Subject = subject ?? read.Model }.Write(folder.At($"run-{subject ?? "x"}"), [log]);
    }

    [Fact]
    public void Write_ALog_IsARunFolderWithFourteenVerdictsOfWhichTheOthersAreNotRunByName()
    {
        var result = Import(LogFormat.LmmsEval, new MadeUpLog().LmmsEval(folder.Path), "model-x");
        var read = RunFolder.Read(result.Folder);
        read.Questions.Should().HaveCount(300).And.OnlyContain(question => question.Kind == "yes-no" && question.IsJudged);
        read.Questions.Select(question => question.Group).Distinct().Should().HaveCount(50);
        read.Verdicts.Select(verdict => verdict.Claim).Should().Equal(ClaimRegistry.All.Select(claim => claim.Id));
        read.Verdicts.Should().OnlyContain(verdict => verdict.Verdict == Verdict.NotRun, "one answer each and no probability decide no claim");
        read["logit-lens"].Reason.Should().StartWith("imported from lmms-eval").And.Contain("hidden states");
        read["confidence-baselines"].Reason.Should().Contain("no probabilities of its answers");
        var accuracy = read.Questions.Average(question => question.IsCorrect ? 1.0 : 0);
        read.Find("confidence-baselines", "accuracy")!.Value.Should().BeApproximately(accuracy, 1e-12).And.BeInRange(0.72, 0.88);
        read.Find("confidence-baselines", "accuracy")!.Groups.Should().Be(50);
        JsonNode.Parse(File.ReadAllText(Path.Combine(result.Folder, "run.json")))!["import"]!["format"]!.GetValue<string>().Should().Be("lmms-eval");
    }

    [Fact]
    public void Judge_EpochsAndTokenProbabilities_DecideSelfConsistencyAndCalibration()
    {
        var result = Import(LogFormat.Inspect, new MadeUpLog { Pictures = 120, Epochs = 10, Accuracy = 0.7 }.Inspect(folder.Path, "log.eval"));
        result.Find("self-consistency", "auroc", arm: "s_sc")!.N.Should().Be(720);
        result.Find("self-consistency", "precision_at_1", arm: "wilson").Should().NotBeNull();
        result.Find("confidence-baselines", "brier").Should().NotBeNull();
        result["self-consistency"].Verdict.Should().NotBe(Verdict.NotRun, result["self-consistency"].Reason);
        result["self-consistency"].Verdict.Should().NotBe(Verdict.Supported, "two of the five rivals are not in a log");
        result["confidence-baselines"].Verdict.Should().Be(Verdict.Refuted, "the log's probabilities know when the model is right");
        result.Questions[0].Scores.Keys.Should().BeEquivalentTo("first_token_margin", "first_token_probability", "p_tok_without_end", "self_consistency");
    }

    [Fact]
    public void Judge_OtherSampling_LeavesSelfConsistencyNotRunAndSaysWhich()
    {
        var log = LogReader.Read(LogFormat.LmmsEval, new MadeUpLog { Epochs = 10 }.LmmsEval(folder.Path));
        new ImportedStudy(log, LogFormat.LmmsEval) { Protocol = quick }.Judge()["self-consistency"].Should().Match<ClaimResult>(verdict =>
            verdict.Verdict == Verdict.NotRun && verdict.Reason.Contains("T=unknown") && verdict.Reason.Contains("K=10"));
    }

    [Fact]
    public void Gate_TwoImportedRuns_FindsTheRegressionAndPassesWhatIsEqual()
    {
        var before = Import(LogFormat.VlmEvalKit, new MadeUpLog { Pictures = 150, Accuracy = 0.9 }.VlmEvalKit(folder.Path), "before");
        var after = Import(LogFormat.VlmEvalKit, new MadeUpLog { Pictures = 150, Accuracy = 0.7, Seed = 2 }.VlmEvalKit(folder.Path), "after");
        var worse = Gate.Compare(RunFolder.Read(before.Folder), RunFolder.Read(after.Folder));
        worse.Outcome.Should().Be(GateOutcome.Regression);
        worse.Flips.Should().NotBeEmpty();
        worse.Metrics.Single(metric => metric.Name == "brier").Outcome.Should().NotBe(MetricOutcome.NotMeasured, "the log states a confidence");
        worse.Metrics.Single(metric => metric.Name == "probe_auroc").Reason.Should().Contain("no 'probe' scores");
        Gate.Compare(RunFolder.Read(before.Folder), RunFolder.Read(before.Folder)).Outcome.Should().Be(GateOutcome.Pass);
    }

    [Fact]
    public void Judge_RowsOfEveryKind_AreJudgedByRuleOrByTheLog()
    {
        var log = folder.Write("M_mix.csv", "index,question,answer,prediction,A,B,hit",
            "1,Which?,B,B. dog,cat,dog,0", "2,How many?,3,three,,,", "3,Is it?,Yes.,no,,,", "4,What is it?,boat,a boat,,,", "5,Describe it.,,words,,,1",
                "6,Say.,,words,,,");
        var study = new ImportedStudy(LogReader.Read(LogFormat.VlmEvalKit, log), LogFormat.VlmEvalKit) { Protocol = quick };
        study.Judge().Questions.Select(question => (question.Kind, question.Label.Name())).Should()
            .Equal(("choice", "correct"), ("count", "correct"), ("yes-no", "wrong"), ("identify", "correct"), ("open", "correct"),
            ("open", "unjudged"));
        study.Notes.Should().HaveCount(3).And.ContainSingle(note => note.StartsWith("6 of 6 questions name no image"))
            .And.ContainSingle(note => note.Contains("differ on 1 of 1 answers"))
            .And.ContainSingle(note => note.StartsWith("1 answers have neither"));
        study.Judge().Questions[0].Question.Should().Be("Which?\nA. cat\nB. dog");
    }

    [Fact]
    public void Judge_UnknownFamily_IsRefused()
    {
        var log = LogReader.Read(LogFormat.VlmEvalKit, new MadeUpLog().VlmEvalKit(folder.Path));
        FluentActions.Invoking(() => new ImportedStudy(log, LogFormat.VlmEvalKit) { Family = "gpt" }.Judge()).Should().Throw<VrpException>()
            .WithMessage("*model_type \"gpt\"*");
        new ImportedStudy(log, LogFormat.VlmEvalKit) { Family = "llava", Protocol = quick }.Judge().Family.Should().Be("llava");
    }
}
