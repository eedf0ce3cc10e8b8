using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Monitoring;
using Vrp.Harness.Tests.Claims;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Xunit;

namespace Vrp.Harness.Tests.Monitoring;

public class MonitorTests
{
    static readonly TraceSet trace = (TestTraces.Small with { Images = 120, State = 2, PerImage = [(QuestionKind.YesNo, 4), (QuestionKind.Count, 1)] }).Build();

    static readonly Lazy<StudyResult> study = new(() =>
        Study.Analyze(trace, null, new StudyOptions { Draws = 200, Permutations = 1 }, only: ["hidden-state-probe"]));

    static readonly Lazy<MonitorFile> monitor = new(() => MonitorExport.Of(trace));

    [Fact]
    public void Score_StatesOfTheScoredHalf_IsTheStudysHeldOutScoreToTheBit()
    {
        var scorer = new MonitorScorer(monitor.Value);
        var states = trace.States(monitor.Value.Layer);
        var held = study.Value.Questions.Select((question, i) => (question, i)).Where(pair => pair.question.Scores.ContainsKey("probe")).ToArray();

        held.Should().HaveCount(monitor.Value.ScoredOn).And.HaveCountGreaterThan(200);
        foreach (var (question, i) in held) scorer.Score(states.AsSpan(i * scorer.Units, scorer.Units)).Score.Should().Be(question.Scores["probe"],
            question.Id);
    }

    [Fact]
    public void Of_Auroc_IsTheStudys()
    {
        var row = study.Value.Estimates.First(e => e is { Claim: "hidden-state-probe", Measure: "auroc", Arm: "l2" });
        monitor.Value.Auroc.Value.Should().Be(row.Estimate.Value);
        (monitor.Value.Auroc.Low, monitor.Value.Auroc.High).Should().Be((row.Estimate.Low, row.Estimate.High));
    }

    [Fact]
    public void ToJson_ThenLoad_GivesTheSameReadings()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "monitor.json");
        File.WriteAllBytes(path, monitor.Value.ToJson());
        var (own, read) = (new MonitorScorer(monitor.Value), MonitorScorer.Load(path));
        var states = trace.States(monitor.Value.Layer);

        for (var i = 0; i < 50; i++)
        {
            var state = states.AsSpan(i * own.Units, own.Units);
            read.Score(state).Should().Be(own.Score(state));
        }

        MonitorFile.Load(path).ToJson().Should().Equal(monitor.Value.ToJson());
        JsonNode.Parse(File.ReadAllText(path))!["hook_point"]!.GetValue<string>().Should().Be("blocks.2.resid_post", "the planted layer");
    }

    [Fact]
    public void Of_Figures_AreOfHeldOutRowsAndHangTogether()
    {
        var file = monitor.Value;
        file.Calibration.Reliability.Sum(bin => bin.N).Should().Be(file.ScoredOn);
        file.Calibration.LogLoss.Should().BeLessThanOrEqualTo(file.Calibration.OwnLogLoss);
        file.Calibration.Slope.Should().BePositive();
        file.RiskCoverage[^1].Risk.Should().BeApproximately(1 - file.Accuracy.Value, 1e-12);
        file.Thresholds.Should().BeInDescendingOrder(threshold => threshold.Score);
        foreach (var threshold in file.Thresholds)
        {
            threshold.Accepted.Value.Should().BeApproximately(threshold.Coverage, 0.1, "thresholds of four folds let through about as many of the fifth");
            threshold.Risk.Value.Should().BeInRange(0, 1 - file.Accuracy.Value + 0.05);
            (threshold.Risk.Low <= threshold.Risk.Value && threshold.Risk.Value <= threshold.Risk.High).Should().BeTrue();
        }

        file.Thresholds[0].Risk.Value.Should().BeLessThan(1 - file.Accuracy.Value, "a probe that knows lets fewer errors through");
    }

    [Fact]
    public void Probability_OfNewRows_KeepsItsWord()
    {
        // Another draw of the same world: rows that neither probe nor recalibration has seen.
        var fresh = (TestTraces.Small with { Images = 400, State = 2, PerImage = [(QuestionKind.YesNo, 4)], Seed = 77 }).Build();
        var scorer = new MonitorScorer(monitor.Value);
        var states = fresh.States(monitor.Value.Layer);
        var readings = Enumerable.Range(0, fresh.Count).Select(i => scorer.Score(states.AsSpan(i * scorer.Units, scorer.Units))).ToArray();
        bool[] right = [.. fresh.Records.Select(record => record.Answer == record.Question.Answers[0])];

        // A reader sees the mean probability beside the share of right answers; 0.05 is two standard errors of the shares that both stand on (480 and 1,600
        // clustered rows).
        readings.Average(reading => reading.Probability).Should().BeApproximately(right.Count(r => r) / (double)right.Length, 0.05);
        readings.Count(reading => reading.Accept).Should().BeInRange((int)(0.7 * right.Length), (int)(0.9 * right.Length));
        var wrong = readings.Zip(right).Count(pair => pair.First.Accept && !pair.Second) / (double)readings.Count(reading => reading.Accept);
        wrong.Should().BeInRange(scorer.Threshold.Risk.Low - 0.03, scorer.Threshold.Risk.High + 0.03);
    }

    [Fact]
    public void Score_WrongState_SaysWhatIsExpected()
    {
        var scorer = new MonitorScorer(monitor.Value);
        ((Action)(() => scorer.Score(new float[3]))).Should().Throw<VrpException>().WithMessage("*3 units*12*blocks.2.resid_post*");
        ((Action)(() => scorer.Score(Enumerable.Repeat(float.NaN, 12).ToArray()))).Should().Throw<VrpException>().WithMessage("*unit 0*NaN*");
        ((Action)(() => new MonitorScorer(monitor.Value, 0.33))).Should().Throw<VrpException>().WithMessage("*0.33*0.5, 0.6, 0.7, 0.8, 0.9, 0.95*");
    }

    [Fact]
    public void Load_MissingDamagedOrOfAnotherSchema_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "monitor.json");
        ((Action)(() => MonitorScorer.Load(path))).Should().Throw<VrpException>().WithMessage("*missing*vrp export monitor*");
        File.WriteAllText(path, "{\"schema\": 1}");
        ((Action)(() => MonitorScorer.Load(path))).Should().Throw<VrpException>().WithMessage("*not a monitor*");
        void Expect(Action<JsonNode> change, string message)
        {
            var node = JsonNode.Parse(monitor.Value.ToJson())!;
            change(node);
            File.WriteAllText(path, node.ToJsonString());
            ((Action)(() => MonitorScorer.Load(path))).Should().Throw<VrpException>().WithMessage(message);
        }

        Expect(node => node["schema"] = 2, "*schema 2*");
        Expect(node => node["scale"]![0] = 0, "*scale*");
        Expect(node => node["mean"]!.AsArray().RemoveAt(0), "*12 weights, 11 means*");
    }

    [Fact]
    public void Of_NothingToTellOrTooFew_IsRefused()
    {
        var blind = (TestTraces.Small with { State = 0 }).Build();
        ((Action)(() => MonitorExport.Of(blind))).Should().Throw<VrpException>().WithMessage("*AUROC*nothing to monitor by*");
        var few = TestTraces.Select(trace, [.. Enumerable.Range(0, 20)]);
        ((Action)(() => MonitorExport.Of(few))).Should().Throw<VrpException>().WithMessage("*at least 30*");
    }
}
