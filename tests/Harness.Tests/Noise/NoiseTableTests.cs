using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Noise;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tests.Snapshots;
using Vrp.Models;

namespace Vrp.Harness.Tests.Noise;

public class NoiseTableTests
{
    static readonly StudyResult first = MadeUpStudy.Of();

    static StudyResult With(Estimate auroc) => MadeUpStudy.Of(auroc);

    static StudyResult Scored(StudyResult study, double margin) =>
        study with
        {
            Questions = [.. study.Questions.Select(question => question with { Scores = new Dictionary<string, double> { ["first_token_margin"] = margin } })],
        };

    [Fact]
    public void Of_TheSameRunTwice_IsQuiet()
    {
        var table = NoiseTable.Of([("as usual", first), ("1 thread", first)]);
        table.Changes.Should().ContainSingle().Which.Should().BeEquivalentTo(new NoiseChange("llava-fixture", "1 thread", 4, 0, 0, 0, 0, [], 0, true));
        table.Families.Select(row => (row.Family, row.Count, row.IsChoice, row.Floor)).Should().Equal(("hidden-state-probe/auroc", 1, false, 0),
            ("hidden-state-probe/best_layer", 1, true, 0));
        table.Floors.Should().Contain(SnapshotTolerances.Labels, 0).And.Contain(SnapshotTolerances.Lines, 0);
    }

    [Fact]
    public void Of_AnEndOfTheIntervalMovesMost_IsTheLargestOfItsFamily()
    {
        var table = NoiseTable.Of([("as usual", first), ("1 thread", With(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value - 0.0001 })),
            ("block 24", With(MadeUpStudy.Auroc with { Low = 0.9096 }))]);
        var row = table.Families.Single(family => family.Family == "hidden-state-probe/auroc");
        row.Largest.Should().BeApproximately(0.0004, 1e-12);
        (row.Variation, row.At).Should().Be(("llava-fixture, block 24", "hidden-state-probe: auroc [yes-no, layer 03, l2]"));
        row.Floor.Should().Be(0.0012);
        row.OfHalfWidth.Should().BeApproximately(0.016, 1e-12, "0.0004 of 0.025");
        table.Changes.Select(change => Math.Round(change.Largest, 6)).Should().Equal(0.004, 0.016);
    }

    [Fact]
    public void Of_ChangedAnswersRowsAndVerdicts_AreCounted()
    {
        var questions = first.Questions.ToArray();
        questions[0] = questions[0] with { Answer = "no", Label = AnswerStatus.Wrong };
        questions[1] = questions[1] with { Answer = "No.", SampledAnswers = ["no"] };
        var other = MadeUpStudy.Of(MadeUpStudy.Auroc with { N = 1499 }, Verdict.Inconclusive) with { Questions = questions };
        var missing = other with { Estimates = [.. other.Estimates.Where(row => row.Measure != "best_layer")] };
        QuestionResult[] answered = [first.Questions[0], first.Questions[1] with { SampledAnswers = ["yes"] }, .. first.Questions.Skip(2)];
        var change = NoiseTable.Of([("as usual", first with { Questions = answered }), ("x", missing)]).Changes.Single();
        change.Should().BeEquivalentTo(new NoiseChange("llava-fixture", "x", 4, 2, 1, 1, 2, [MadeUpStudy.Claim], 0, true));
    }

    [Fact]
    public void Of_Scores_ShowWhatMovedAndTheNearestTie()
    {
        var table = NoiseTable.Of([("as usual", Scored(first, 0.25)), ("x", Scored(first, 0.250001))]);
        table.Scores.Should().ContainSingle().Which.Largest.Should().BeApproximately(1e-6, 1e-12);
        table.SmallestMargin.Should().Be(0.25);
        table.Families.Should().NotContain(row => row.Family.StartsWith("score"));
    }

    [Fact]
    public void Merge_TwoSubjects_TakesTheLargestPerFamily()
    {
        var quiet = NoiseTable.Of([("as usual", first), ("x", first)]);
        var loud = NoiseTable.Of([("as usual", first), ("x", With(MadeUpStudy.Auroc with { High = 0.97 }))]);
        var merged = NoiseTable.Merge([quiet, loud]);
        merged.Changes.Should().HaveCount(2);
        merged.Families.Single(row => row.Family == "hidden-state-probe/auroc").Should().Match<NoiseRow>(row => row.Count == 2
            && Math.Abs(row.Largest - 0.01) < 1e-12);
        merged.Floors.Should().ContainKey(SnapshotTolerances.Labels).And.Contain("hidden-state-probe/auroc", 0.03).And.Contain("hidden-state-probe/best_layer",
            0);
    }

    [Fact]
    public void Of_ToleranceOfItsOwnTable_HoldsTheRunsThatMadeIt()
    {
        // What was measured is within what is suggested, through the files' six digits.
        var moved = With(MadeUpStudy.Auroc with { Value = MadeUpStudy.Auroc.Value + 0.00123456, Low = 0.9087 });
        var rules = new SnapshotRules(MadeUpStudy.Profile, SnapshotTolerances.Default.WithShare(0).With(MadeUpStudy.Profile,
            NoiseTable.Of([("as usual", first), ("x", moved)]).Floors));
        Snapshot.Of(moved, MadeUpStudy.Claim, "DEFAULT").Differences(Snapshot.Of(first, MadeUpStudy.Claim, "AVX2").Text, rules).Lines.Should().BeEmpty();
    }

    [Fact]
    public void Of_AChoiceMoves_HasNoFloorAndLinesAreNotFixed()
    {
        StudyEstimate NextLayer(StudyEstimate row) => row.Measure == "best_layer"
            ? row with { Estimate = row.Estimate with { Value = 4, Low = 4, High = 4 } } : row with { Layer = row.Layer + 1 };
        var other = first with { Estimates = [.. first.Estimates.Select(NextLayer)] };
        var table = NoiseTable.Of([("as usual", first), ("x", other)]);
        table.Families.Single(row => row.IsChoice).Floor.Should().BeNull();
        table.Floors.Should().Contain("hidden-state-probe/best_layer", null).And.Contain(SnapshotTolerances.Lines, null);
        table.Changes.Single().OtherLines.Should().Be(2);
    }

    [Fact]
    public void Of_OneRun_IsNoDifference() =>
        ((Action)(() => NoiseTable.Of([("as usual", first)]))).Should().Throw<VrpException>().WithMessage("*at least 2, got 1*");

    [Fact]
    public void Of_OtherSubjectOrSamples_AreRefused()
    {
        ((Action)(() => NoiseTable.Of([("as usual", first), ("x", first with { Subject = "other" })])))
            .Should().Throw<VrpException>().WithMessage("*only numerics may differ*");
        ((Action)(() => NoiseTable.Of([("as usual", first), ("x", first with { Questions = [.. first.Questions.Take(3)] })])))
            .Should().Throw<VrpException>().WithMessage("*other questions*");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0004, 0.0004)]
    [InlineData(0.00041, 0.00041)]
    [InlineData(0.000411, 0.00042)]
    [InlineData(9.91, 10)]
    [InlineData(3e-12, 3e-12)]
    public void RoundUp_TwoDigits_NeverDown(double value, double expected) => NoiseRow.RoundUp(value).Should().Be(expected);

    [Fact]
    public void Render_Page_HoldsEveryRow()
    {
        var table = NoiseTable.Of([("as usual", Scored(first, 0.25)), ("1 thread", Scored(With(MadeUpStudy.Auroc with { Low = 0.9096 }), 0.2500001))]);
        var page = NoisePage.Render(table, new("vrp noise x", "a processor", "study", "cpu-float32", "2 threads", 0.1,
            ["ATen avx512: this processor has no AVX-512"]));
        page.Should().Contain("| llava-fixture | 1 thread | 4 | 0 | 0 | 0 | 0 | 0 | 1.60% |").And.Contain("| `hidden-state-probe/auroc` | 1 | 0.0004 | 1.60% "
            + "| 0.0012 | llava-fixture, 1 thread: hidden-state-probe: auroc")
            .And.Contain("Left out: ATen avx512: this processor has no AVX-512").And.Contain("0.25 apart").And.Contain("    vrp noise x\n");
    }
}
