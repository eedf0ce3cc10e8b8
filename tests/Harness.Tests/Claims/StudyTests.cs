using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Xunit;

namespace Vrp.Harness.Tests.Claims;

public class StudyTests
{
    static StudyOptions Options => TestTraces.Options;

    [Fact]
    public void Analyze_EveryClaim_IsToldOnceItIsKnown()
    {
        var told = new List<ClaimResult>();
        var result = Study.Analyze(TestTraces.Small.Build(), null, TestTraces.Options, judged: told.Add);
        told.Should().HaveCount(ClaimRegistry.All.Count).And.BeEquivalentTo(result.Verdicts, options => options.WithoutStrictOrdering());
    }

    [Fact]
    public void Analyze_SignalInOneLayer_IsFoundThere()
    {
        foreach (var layer in new[] { 0, 2, 4 })
        {
            var trace = new SyntheticTrace { Layers = 6, Hidden = 16, Images = 60, State = 2.5, PlantedLayer = layer }.Build();
            var result = Study.Analyze(trace, null, Options, only: ["hidden-state-probe"]);
            result.Find("hidden-state-probe", "best_layer")!.Estimate.Value.Should().Be(layer);
            result.Find("hidden-state-probe", "auroc", arm: "l2")!.Layer.Should().Be(layer);
            var byLayer = result.Estimates.Where(row => row.Measure == "inner_auroc").ToDictionary(row => row.Layer!.Value, row => row.Estimate.Value);
            byLayer.Should().HaveCount(6);
            byLayer.Where(pair => pair.Key != layer).Should().OnlyContain(pair => pair.Value < 0.65, "the other layers hold noise");
        }
    }

    [Fact]
    public void Analyze_RepeatedQuestion_IsAnError()
    {
        var trace = TestTraces.Small.Build();
        int[] samples = [.. Enumerable.Range(0, trace.Count), 5];
        TraceRecord[] records = [.. trace.Records, trace.Records[5] with { Question = trace.Records[5].Question with { Id = "another" } }];

        var act = () => Study.Analyze(TestTraces.With(trace, records, samples), null, Options);

        act.Should().Throw<DuplicateRowException>().WithMessage("*(image, question)*rows 5 and 240*");
    }

    [Fact]
    public void Analyze_RepeatedId_IsAnError()
    {
        var trace = TestTraces.Small.Build();
        TraceRecord[] records = [.. trace.Records];
        records[9] = records[9] with { Question = records[9].Question with { Id = records[3].Question.Id } };

        var act = () => Study.Analyze(TestTraces.With(trace, records, [.. Enumerable.Range(0, trace.Count)]), null, Options);

        act.Should().Throw<DuplicateRowException>().WithMessage("*by id*");
    }

    [Fact]
    public void Analyze_OwnSplitWithAnImageOnBothSides_IsAnError()
    {
        var trace = TestTraces.Small.Build();
        TraceRecord[] records = [.. trace.Records
            .Select((record, i) => record with { Question = record.Question with { Split = i % 2 == 0 ? "fit" : "score" } })];

        var act = () => Study.Analyze(TestTraces.With(trace, records, [.. Enumerable.Range(0, trace.Count)]), null, Options);

        act.Should().Throw<GroupLeakException>();
    }

    [Fact]
    public void Analyze_OwnSplitByImage_IsUsed()
    {
        var trace = TestTraces.Small.Build();
        string SplitOf(TraceRecord record) => int.Parse(record.Question.Group.Split('.')[0]) < 25 ? "fit" : "score";
        TraceRecord[] records = [.. trace.Records.Select(record => record with { Question = record.Question with { Split = SplitOf(record) } })];

        var result = Study.Analyze(TestTraces.With(trace, records, [.. Enumerable.Range(0, trace.Count)]), null, Options, only: ["hidden-state-probe"]);

        result.Questions.Should().OnlyContain(question => question.Split == (int.Parse(question.Group.Split('.')[0]) < 25 ? "fit" : "score"));
        result.Find("hidden-state-probe", "auroc", arm: "l2")!.Estimate.N.Should().Be(15 * 4);
    }

    [Fact]
    public void Analyze_AblatedImageThatUnitsWereChosenOn_IsAnError()
    {
        var trace = TestTraces.Small.Build();
        var set = new SyntheticInterventions(_ => 0).Build(trace, Options);
        var fitted = trace.Records.First(record => set.Plan.ReferenceIds.Contains(record.Question.Id)).Question;
        Question[] questions = [.. set.Questions, fitted];
        var (answers, correct) = (new string[set.Arms.Count, questions.Length], new bool[set.Arms.Count, questions.Length]);
        for (var arm = 0; arm < set.Arms.Count; arm++)
            for (var i = 0; i < questions.Length; i++)
            {
                var record = trace.Records.First(record => record.Question.Id == questions[i].Id);
                (answers[arm, i], correct[arm, i]) = (record.Answer, record.Answer == record.Question.Answers[0]);
            }

        var leaking = new InterventionSet(set.Plan, set.Arms, questions, answers, correct, new float[set.Arms.Count, questions.Length],
            new float[set.Arms.Count, questions.Length]);
        var act = () => Study.Analyze(trace, leaking, Options, only: ["neuron-ablation"]);

        act.Should().Throw<GroupLeakException>().WithMessage($"*{fitted.Id}*");
    }

    [Fact]
    public void Analyze_InterventionsOnAnotherTrace_IsAnError()
    {
        var trace = TestTraces.Small.Build();
        var set = new SyntheticInterventions(_ => 0).Build(trace, Options);
        var keyed = new TraceSet(trace.Facts with { Key = "b" }, trace.Records, new MemoryTraceArrays([], [], []));
        var other = new InterventionSet(set.Plan with { TraceKey = "a" }, set.Arms, set.Questions, new string[set.Arms.Count, set.Questions.Count],
            new bool[set.Arms.Count, set.Questions.Count],
            new float[set.Arms.Count, set.Questions.Count], new float[set.Arms.Count, set.Questions.Count]);

        var act = () => Study.Analyze(keyed, other, Options, only: ["attention-masking"]);

        act.Should().Throw<VrpException>().WithMessage("*planned on trace a*trace b*");
    }

    [Fact]
    public void Analyze_BaselineThatIsNotTheTracedModel_IsNotRun()
    {
        var trace = TestTraces.Small.Build();
        var set = new SyntheticInterventions(_ => 0).Build(trace, Options);
        var wrong = new InterventionSet(set.Plan, set.Arms, set.Questions, new string[set.Arms.Count, set.Questions.Count],
            new bool[set.Arms.Count, set.Questions.Count],
            new float[set.Arms.Count, set.Questions.Count], new float[set.Arms.Count, set.Questions.Count]);

        var result = Study.Analyze(trace, wrong, Options, only: ["attention-masking"]);

        result["attention-masking"].Verdict.Should().Be(Verdict.NotRun);
        result["attention-masking"].Reason.Should().Contain("different models or prompts");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Analyze_NextToNoSamples_EveryClaimIsNotRunByName(int n)
    {
        var trace = TestTraces.Select(TestTraces.Small.Build(), [.. Enumerable.Range(0, n)]);

        var result = Study.Analyze(trace, null, Options);

        result.Verdicts.Should().HaveCount(ClaimRegistry.All.Count).And.OnlyContain(claim => claim.Verdict == Verdict.NotRun && claim.Reason.Length > 10);
        result.Estimates.Where(row => !double.IsFinite(row.Estimate.Value)).Should().BeEmpty();
        result.Questions.Should().HaveCount(n);
    }

    [Fact]
    public void Analyze_OneClass_NamesTheClass()
    {
        var result = Study.Analyze((TestTraces.Small with { Accuracy = 1 - 1e-12 }).Build(), null, Options,
            only: ["hidden-state-probe", "attention-sharpness", "logit-lens"]);

        result["hidden-state-probe"].Verdict.Should().Be(Verdict.NotRun);
        result["hidden-state-probe"].Reason.Should().Contain("0 negative");
        result["attention-sharpness"].Reason.Should().Contain("0 negative");
        result["logit-lens"].Verdict.Should().NotBe(Verdict.NotRun, "the lens needs no labels");
    }

    [Fact]
    public void Analyze_OneClassInAnInnerFold_NamesTheFold()
    {
        // Wrong answers about four images only: two of them in the fitting half, and three of its five inner folds have none.
        var trace = TestTraces.Small.Build();
        string AnswerTo(Question question) => int.Parse(question.Group.Split('.')[0]) < 4 ? "no idea" : question.Answers[0];
        TraceRecord[] records = [.. trace.Records.Select(record => record with { Answer = AnswerTo(record.Question) })];

        var result = Study.Analyze(TestTraces.With(trace, records, [.. Enumerable.Range(0, trace.Count)]), null, Options,
            only: ["hidden-state-probe", "fusion", "sparse-probe"]);

        result.Verdicts.Should().OnlyContain(claim => claim.Verdict == Verdict.NotRun && claim.Reason.Contains("inner fold"));
    }

    [Fact]
    public void Analyze_Twice_GivesTheSameBytes()
    {
        var trace = TestTraces.Small.Build();
        var interventions = new SyntheticInterventions(arm => arm.Selection == UnitSelection.Top ? 0.1 : 0.02).Build(trace, Options);

        var (first, second) = (Study.Analyze(trace, interventions, Options), Study.Analyze(trace, interventions, Options));

        RunFolder.MetricsText(first).Should().Be(RunFolder.MetricsText(second));
        RunFolder.VerdictsText(first).Should().Be(RunFolder.VerdictsText(second));
        RunFolder.SamplesText(first).Should().Be(RunFolder.SamplesText(second));
    }

    [Fact]
    public void Analyze_EditedThreshold_ShowsInTheVerdict()
    {
        var trace = (TestTraces.Small with { State = 2, Images = 60 }).Build();
        var options = Options with { Permutations = 40 };   // p can be as small as 1/41

        Study.Analyze(trace, null, options with { ProbeThreshold = 0.6 },
            only: ["hidden-state-probe"])["hidden-state-probe"].Verdict.Should().Be(Verdict.Supported);
        Study.Analyze(trace, null, options with { ProbeThreshold = 0.99 },
            only: ["hidden-state-probe"])["hidden-state-probe"].Verdict.Should().Be(Verdict.Refuted);
    }

    [Fact]
    public void Analyze_UnparsedAndUnjudgedAnswers_AreWrongAndLeftOut()
    {
        var trace = TestTraces.Small.Build();
        TraceRecord[] records = [.. trace.Records];
        var yesNo = Array.FindIndex(records, record => record.Question.Kind == QuestionKind.YesNo);
        records[yesNo] = records[yesNo] with { Answer = "I cannot tell" };
        records[yesNo + 1] = records[yesNo + 1] with { Question = records[yesNo + 1].Question with { Kind = QuestionKind.Open, Answers = [] },
            Answer = "something" };

        var result = Study.Analyze(TestTraces.With(trace, records, [.. Enumerable.Range(0, trace.Count)]), null, Options, only: ["confidence-baselines"]);

        result.Questions[yesNo].Label.Should().Be(AnswerStatus.Unparsed);
        result.Questions[yesNo + 1].Label.Should().Be(AnswerStatus.Unjudged);
        result.Find("confidence-baselines", "accuracy")!.Estimate.N.Should().Be(trace.Count - 1);
    }

    [Fact]
    public void Analyze_KindThatIsEasierAndMoreConfident_IsNoSignalWithinKinds()
    {
        // Two kinds, one right three times as often; confidence differs by kind alone. Pooled it predicts, within a kind it does not.
        var random = new Xoshiro256(5);
        var trace = (TestTraces.Small with { Images = 150, PerImage = [(QuestionKind.YesNo, 4), (QuestionKind.Count, 4)] }).Build();
        var records = trace.Records.Select(record =>
        {
            var easy = record.Question.Kind == QuestionKind.YesNo;
            var right = random.NextDouble() < (easy ? 0.9 : 0.3);
            var p = (easy ? 0.9 : 0.6) + 0.05 * random.NextDouble();
            var other = record.FirstToken.First(token => token.Text != record.Question.Answers[0]).Text;
            return record with { Answer = right ? record.Question.Answers[0] : other, FirstToken = [new(1, "a", p), new(2, "b", 1 - p)],
                Entropy = -p * Math.Log(p) - (1 - p) * Math.Log(1 - p) };
        }).ToArray();

        var result = Study.Analyze(TestTraces.With(trace, records, [.. Enumerable.Range(0, trace.Count)]), null, Options, only: ["confidence-baselines"]);

        result.Find("confidence-baselines", "auroc_first_token_entropy", "all", arm: "pooled-bootstrap")!.Estimate.Low.Should().BeGreaterThan(0.7);
        result.Find("confidence-baselines", "auroc_first_token_entropy", "within-kind")!.Estimate.Contains(0.5).Should().BeTrue();
    }

    [Fact]
    public void Plan_QuickBudget_NeverGivesAVerdict()
    {
        var trace = TestTraces.Small.Build();
        var quick = new SyntheticInterventions(_ => 0) { Budget = InterventionBudget.Quick }.Build(trace, Options);

        var result = Study.Analyze(trace, quick, Options, only: ["attention-masking", "neuron-ablation", "layer-destruction"]);

        result.Verdicts.Should().OnlyContain(claim => claim.Verdict == Verdict.NotRun && claim.WouldSettle!.Contains("full"));
    }
}
