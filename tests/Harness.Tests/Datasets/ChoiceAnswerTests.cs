using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Tests.Datasets;

public class ChoiceAnswerTests
{
    static readonly string[] options = ["a cat", "a dog", "the red car", "none of them"];

    [Theory]
    [InlineData("B", "B")]
    [InlineData("b", "B")]
    [InlineData(" (B) ", "B")]
    [InlineData("**B**", "B")]
    [InlineData("B.", "B")]
    [InlineData("B. a dog", "B")]
    [InlineData("(B) a dog", "B")]
    [InlineData("B: because it barks", "B")]
    [InlineData("B - a dog", "B")]
    [InlineData("B\nIt barks.", "B")]
    [InlineData("The answer is B.", "B")]
    [InlineData("Answer: (C)", "C")]
    [InlineData("The correct option is B, a dog.", "B")]
    [InlineData("Option D is right", "D")]
    [InlineData("A dog.", "B")]
    [InlineData("dog", "B")]
    [InlineData("The red car", "C")]
    [InlineData("The answer is a dog", null)]
    [InlineData("A dog and a cat", null)]
    [InlineData("A or B", null)]
    [InlineData("A. a cat\nThe answer is B.", null)]
    [InlineData("E", null)]
    [InlineData("I cannot tell.", null)]
    [InlineData("", null)]
    [InlineData("a bird", null)]
    public void Parse_AnswerOfAModel_IsTheLetterItGives(string answer, string? expected) => ChoiceAnswer.Parse(answer, options).Should().Be(expected);

    [Fact]
    public void Parse_TextOfTwoOptions_SaysNothing() => ChoiceAnswer.Parse("cat", ["cat", "a cat"]).Should().BeNull();

    [Fact]
    public void Ask_Options_StandOnLinesOfTheirOwnAndAreFoundAgain()
    {
        var asked = ChoiceAnswer.Ask("What is it?", options);
        asked.Split('\n').Should().StartWith(["What is it?", "A. a cat", "B. a dog"]).And.HaveCount(6);
        ChoiceAnswer.OptionsOf(asked).Should().Equal(options);
        ChoiceAnswer.OptionsOf("What is it?").Should().BeEmpty();
    }

    [Fact]
    public void Open_QuestionsOfChoice_HaveLettersForGoldAndAreJudgedByThem()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl",
            """{"id": "1", "image": "a.png", "question": "What is it?", "kind": "choice", "options": ["cat", "dog"], "answers": ["B"]}""",
            """{"id": "2", "image": "a.png", "question": "Which?", "kind": "choice", "options": ["cat", "dog"], "answers": ["cat"]}""");
        var dataset = DatasetReader.Open(file, new() { CheckImages = false });
        dataset.Questions.Select(question => question.Answers.Single()).Should().Equal("B", "A");
        dataset.Questions[0].Text.Should().Be("What is it?\nA. cat\nB. dog\nAnswer with the option's letter from the given choices directly.");
        var judge = AnswerScorer.For(dataset);
        string[] answers = ["B", "a dog", "A", "perhaps"];
        answers.Select(answer => judge.Score(dataset.Questions[0], answer).Status).Should()
            .Equal(AnswerStatus.Correct, AnswerStatus.Correct, AnswerStatus.Wrong, AnswerStatus.Unparsed);
    }

    [Theory]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "choice", "answers": ["B"]}""",
        "*'options' must be a list of two options or more*it is missing*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "choice", "options": ["cat", "dog"], "answers": ["C"]}""",
        "*'answers' must be the right option's letter*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "choice", "options": ["cat", "dog"], "answers": ["A", "B"]}""",
        "*'answers' must be the right option's letter*")]
    public void Open_ChoiceWithoutOptionsOrGold_IsRefused(string row, string message)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", row);
        FluentActions.Invoking(() => DatasetReader.Open(file, new() { CheckImages = false })).Should().Throw<DatasetException>().WithMessage(message);
    }
}
