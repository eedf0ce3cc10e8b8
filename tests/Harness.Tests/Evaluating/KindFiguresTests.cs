using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Evaluating;

namespace Vrp.Harness.Tests.Evaluating;

public class KindFiguresTests
{
    static EvaluatedAnswer Answer(string image, string gold, string? parsed, QuestionKind kind = QuestionKind.YesNo) => new(
        new Question($"{image}-{Guid.NewGuid():N}", image, image, "Is it?", kind, [gold], image), parsed ?? "hm",
        new ScoredAnswer(parsed is null ? AnswerStatus.Unparsed : parsed == gold ? AnswerStatus.Correct : AnswerStatus.Wrong, parsed), -0.1);

    static double Value(KindFigures figures, string name) => figures.Figures.Single(f => f.Name == name).Estimate.Value;

    [Fact]
    public void Of_YesNo_GivesPopesFiveFigures()
    {
        // 3 true positives, 1 false positive, 2 true negatives, 1 false negative, 1 unparsed with gold no: by hand.
        var figures = KindFigures.Of([
            Answer("a", "yes", "yes"), Answer("a", "yes", "yes"), Answer("b", "yes", "yes"), Answer("b", "no", "yes"),
            Answer("c", "no", "no"), Answer("c", "no", "no"), Answer("d", "yes", "no"), Answer("d", "no", null)]).Single();
        Value(figures, "accuracy").Should().BeApproximately(5 / 8.0, 1e-12);
        Value(figures, "precision").Should().BeApproximately(3 / 4.0, 1e-12);
        Value(figures, "recall").Should().BeApproximately(3 / 4.0, 1e-12);
        Value(figures, "f1").Should().BeApproximately(3 / 4.0, 1e-12);
        Value(figures, "yes-rate").Should().BeApproximately(4 / 8.0, 1e-12);
        figures.Unparsed.Should().Be(1);
        figures.Figures.Should().OnlyContain(f => f.Estimate.N == 8 && f.Estimate.Groups == 4 && f.Estimate.Low <= f.Estimate.Value
            && f.Estimate.Value <= f.Estimate.High);
    }

    [Fact]
    public void Of_AnswersThatAreAllNo_HasNoPrecisionAndSaysWhy()
    {
        var figures = KindFigures.Of([Answer("a", "yes", "no"), Answer("b", "no", "no")]).Single();
        figures.Undefined.Should().ContainSingle(u => u.Name == "precision").Which.Reason.Should().Contain("no answer is yes");
        figures.Figures.Select(f => f.Name).Should().NotContain("precision").And.Contain("recall");
    }

    [Fact]
    public void Of_OnePicture_GivesPointsWithoutAnInterval() =>
        KindFigures.Of([Answer("a", "yes", "yes"), Answer("a", "no", "yes")]).Single().Figures.Should().OnlyContain(f => !f.Estimate.HasInterval);

    [Fact]
    public void Of_SeveralKinds_KeepsThemApart()
    {
        var kinds = KindFigures.Of([Answer("a", "3", "3", QuestionKind.Count), Answer("a", "yes", "no"), Answer("b", "2", "3", QuestionKind.Count),
            Answer("b", "yes", "yes")]);
        kinds.Select(k => k.Kind).Should().Equal(QuestionKind.YesNo, QuestionKind.Count);
        Value(kinds[1], "accuracy").Should().Be(0.5);
        kinds[1].Figures.Should().ContainSingle("counts have no precision");
    }

    [Fact]
    public void Of_Nothing_IsNothing() => KindFigures.Of([]).Should().BeEmpty();
}
