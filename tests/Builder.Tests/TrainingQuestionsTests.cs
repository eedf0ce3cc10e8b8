using Vrp.Builder.World;
using Vrp.Builder.World.Building;
using Vrp.Builder.World.Questions;

namespace Vrp.Builder.Tests;

public class TrainingQuestionsTests
{
    const int Scenes = 4000;
    static readonly TrainingScenes training = new(WorldSettings.Shipped);

    static readonly List<(Scene Scene, Question Question)> asked =
    [
        .. from index in Enumerable.Range(0, Scenes)
           let scene = training[index]
           from kind in Enum.GetValues<QuestionKind>()
           let question = training.Ask(scene, kind, draw: 0)
           where question is not null
           select (scene, question),
    ];

    [Fact]
    public void Ask_SameSceneAndDraw_GivesTheSameQuestion()
    {
        var scene = training[17];
        foreach (var kind in Enum.GetValues<QuestionKind>())
            training.Ask(scene, kind, 3).Should().Be(new TrainingScenes(WorldSettings.Shipped).Ask(training[17], kind, 3));
        Enumerable.Range(0, 50).Select(draw => training.Ask(scene, QuestionKind.Count, draw)!.Text).Distinct().Should().HaveCountGreaterThan(3);
    }

    [Fact]
    public void Ask_AllKinds_AnswersAreTrue()
    {
        asked.Should().HaveCountGreaterThan(4 * Scenes);
        foreach (var (scene, question) in asked)
            SceneTruth.Answers(question.Text, scene.Objects.Select(SceneTruth.Object.Of).ToList()).Should().Be(question.Answer, question.Text);
    }

    [Fact]
    public void Ask_AllKinds_UsesOnlyWordsOfTheVocabulary()
    {
        var words = asked.SelectMany(a => SceneTruth.Words(a.Question.Text).Concat(SceneTruth.Words(a.Question.Answer))).ToHashSet();
        words.Except(Vocabulary.Words).Should().BeEmpty();
        Vocabulary.Words.Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(QuestionKind.YesNo, 0.5)]
    [InlineData(QuestionKind.Spatial, 0.5)]
    [InlineData(QuestionKind.Count, 0.35)]
    [InlineData(QuestionKind.Identify, 0.2)]
    public void Ask_TextAlone_HardlyTellsTheAnswer(QuestionKind kind, double chance)
    {
        var questions = asked.Where(a => a.Question.Kind == kind).Select(a => a.Question).ToList();
        var baseline = QuestionOnlyBaseline.Fit(questions.Where((_, i) => i % 2 == 0));
        // Five standard deviations at n of about 2,000, and what the frequency of objects adds.
        baseline.Accuracy([.. questions.Where((_, i) => i % 2 == 1)]).Should().BeLessThan(chance + 0.06);
    }

    [Fact]
    public void Ask_Counting_AnswersComeInTheSharesOfTheShippedFile()
    {
        var counting = asked.Where(a => a.Question.Kind == QuestionKind.Count).ToList();
        var found = counting.GroupBy(a => Math.Min(a.Scene.Count(a.Question.About!.Value),
            3)).OrderBy(g => g.Key).Select(g => g.Count() / (double)counting.Count).ToList();
        found.Zip(WorldSettings.Shipped.CountShares).Should().HaveCount(4).And.OnlyContain(p => Math.Abs(p.First - p.Second / 100.0) < 0.03);
    }

    [Fact]
    public void Ask_EveryCategory_IsAsOftenAskedForWhereItIsMissing()
    {
        foreach (var about in asked.Where(a => a.Question.Kind == QuestionKind.YesNo).GroupBy(a => a.Question.About))
            about.Average(a => a.Question.Answer == Vocabulary.Yes ? 1.0 : 0.0).Should().BeInRange(0.35, 0.65, "yes must not follow from \"{0}\" alone",
                about.Key);
    }
}
