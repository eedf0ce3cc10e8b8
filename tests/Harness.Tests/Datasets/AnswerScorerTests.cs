using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Tests.Datasets;

public class AnswerScorerTests
{
    static Question Of(QuestionKind kind, params string[] answers) => new("id", "a.png", "/a.png", "?", kind, answers, "a.png");

    [Theory]
    [InlineData(QuestionKind.YesNo, "no", "No.", AnswerStatus.Correct)]
    [InlineData(QuestionKind.YesNo, "no", "Yes", AnswerStatus.Wrong)]
    [InlineData(QuestionKind.YesNo, "no", "There is no dog", AnswerStatus.Unparsed)]
    [InlineData(QuestionKind.Count, "two", "2", AnswerStatus.Correct)]
    [InlineData(QuestionKind.Count, "2", "three", AnswerStatus.Wrong)]
    [InlineData(QuestionKind.Count, "2", "a few", AnswerStatus.Unparsed)]
    [InlineData(QuestionKind.Spatial, "left", "left", AnswerStatus.Correct)]
    [InlineData(QuestionKind.Spatial, "left", "On the right", AnswerStatus.Wrong)]
    [InlineData(QuestionKind.Spatial, "left", "middle", AnswerStatus.Unparsed)]
    [InlineData(QuestionKind.Spatial, "yes", "Yes, it is left of it", AnswerStatus.Correct)]
    [InlineData(QuestionKind.Identify, "boat", "a boat", AnswerStatus.Correct)]
    [InlineData(QuestionKind.Identify, "boat", "a car", AnswerStatus.Wrong)]
    [InlineData(QuestionKind.Identify, "boat", " ", AnswerStatus.Unparsed)]
    public void Score_ByKind(QuestionKind kind, string gold, string answer, AnswerStatus expected) =>
        new AnswerScorer(AliasTable.Empty).Score(Of(kind, gold), answer).Status.Should().Be(expected);

    [Fact]
    public void Score_PopeRule_NeverLeavesAnAnswerUnparsed()
    {
        var question = Of(QuestionKind.YesNo, "yes");
        new AnswerScorer(AliasTable.Empty, YesNoRule.Pope).Score(question, "I cannot tell").Status.Should().Be(AnswerStatus.Correct);
        new AnswerScorer(AliasTable.Empty).Score(question, "I cannot tell").Should().Be(new ScoredAnswer(AnswerStatus.Unparsed, null));
    }

    [Theory]
    [InlineData("boat, tree", AnswerStatus.Correct, "boat, tree")]
    [InlineData("a tree and two boats", AnswerStatus.Correct, "boat, tree")]
    [InlineData("boat", AnswerStatus.Wrong, "boat")]
    [InlineData("boat, tree, car", AnswerStatus.Wrong, "boat, car, tree")]
    [InlineData("a picture", AnswerStatus.Unparsed, null)]
    public void Score_Open_NeedsAllReferencesAndNoAbsentObject(string answer, AnswerStatus expected, string? parsed) =>
        new AnswerScorer(AliasTable.Empty).Score(Of(QuestionKind.Open, "tree", "boat") with { Absent = ["car", "cup"] },
            answer).Should().Be(new ScoredAnswer(expected, parsed));

    [Fact]
    public void Score_OpenWithoutReferences_NeedsAJudgement()
    {
        using var folder = new TemporaryFolder();
        var judgements = Judgements.Load(folder.Write("j.jsonl",
            """{"question_id": "id", "answer": "A dog.", "correct": true}""", """{"question_id": "id", "answer": "A cat.", "correct": false}"""));
        var judge = new AnswerScorer(AliasTable.Empty, judgements: judgements);
        judge.Score(Of(QuestionKind.Open), "A dog.").Status.Should().Be(AnswerStatus.Correct);
        judge.Score(Of(QuestionKind.Open), "A cat.").Status.Should().Be(AnswerStatus.Wrong);
        judge.Score(Of(QuestionKind.Open), "A cow.").Status.Should().Be(AnswerStatus.Unjudged);
        new AnswerScorer(AliasTable.Empty).Score(Of(QuestionKind.Open), "A dog.").Status.Should().Be(AnswerStatus.Unjudged);
    }

    [Theory]
    [InlineData("""{"question_id": 0, "score": 7}""", 6.5, true)]
    [InlineData("""{"question_id": 0, "score": 7}""", 7.5, false)]
    [InlineData("""{"question_id": 0, "tuple": [9.0, 6.0]}""", 7.0, false)]     // the second score is the model's
    [InlineData("""{"question_id": 0, "tuple": [3.0, 8.0]}""", 7.0, true)]
    public void Judgements_Scores_CountFromTheThreshold(string row, double threshold, bool expected)
    {
        using var folder = new TemporaryFolder();
        Judgements.Load(folder.Write("j.jsonl", row), threshold).Correct("0", "anything").Should().Be(expected);
    }

    [Theory]
    [InlineData("""{"question_id": 0, "score": 7}""", "*holds scores*threshold*row 1*")]
    [InlineData("""{"question_id": 0}""", "*'correct' must be*row 1*")]
    [InlineData("""{"question_id": 0, "correct": "yes"}""", "*'correct' must be true or false*")]
    [InlineData("""{"correct": true}""", "*'question_id' must be*")]
    public void Judgements_UnusableRow_IsNamed(string row, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("j.jsonl", row);
        var load = () => Judgements.Load(path);
        load.Should().Throw<DatasetException>().WithMessage(message).Which.Rows.Should().Equal(1);
    }
}
