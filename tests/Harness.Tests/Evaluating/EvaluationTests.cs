using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Evaluating;
using Vrp.Harness.Tests.Tracing;

namespace Vrp.Harness.Tests.Evaluating;

/// <summary>Greedy answers to a question set: the same whether prompts share their beginnings, and in the file's order.</summary>
public sealed class EvaluationTests
{
    public static IEnumerable<object[]> Cases() =>
        TinyStudy.Families().SelectMany(family => ((int[])[100, 5, 1]).Select(batch => new object[] { family[0], batch }));

    [Theory, MemberData(nameof(Cases))]
    public void Evaluation_SharedPrompts_AnswersLikePromptsInFull(string name, int batch)
    {
        using var study = new TinyStudy(name, questions: 14);
        study.Shuffle(3);
        var scorer = AnswerScorer.For(study.Dataset);
        EvaluatedAnswer[] Answers(bool sharing) => [.. new Evaluation(study.Model, scorer, batch, maxNewTokens: 4, sharing).Run(study.Dataset)];

        var (shared, plain) = (Answers(true), Answers(false));

        shared.Select(answer => answer.Question).Should().Equal(study.Dataset.Questions, "answers come in the file's order");
        shared.Select(answer => (answer.Answer, answer.Score.Status)).Should().Equal(plain.Select(answer => (answer.Answer, answer.Score.Status)));
        foreach (var (one, other) in shared.Zip(plain)) one.LogProbability.Should().BeApproximately(other.LogProbability, 1e-3);
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void Evaluation_SharedPrompts_ReadFewerPositionsAndEachImageOnce(string name)
    {
        using var study = new TinyStudy(name, questions: 14);
        study.Shuffle(3);
        (long Positions, long Images) Count(bool sharing)
        {
            var (positions, images) = (study.Model.Passes.PromptPositions, study.Model.Passes.Images);
            new Evaluation(study.Model, AnswerScorer.For(study.Dataset), 100, maxNewTokens: 1, sharing).Run(study.Dataset).Count().Should().Be(14);
            return (study.Model.Passes.PromptPositions - positions, study.Model.Passes.Images - images);
        }

        var (shared, plain) = (Count(true), Count(false));

        shared.Images.Should().Be(study.Dataset.Questions.Select(question => question.ImagePath).Distinct().Count()).And.Be(plain.Images);
        if (study.Model.ReadsCausally) shared.Positions.Should().BeLessThan(plain.Positions);
        else shared.Positions.Should().Be(plain.Positions);
    }

    [Fact]
    public void Evaluation_NoQuestions_NoAnswers()
    {
        using var study = new TinyStudy((string)TinyStudy.Families().First()[0], questions: 2);
        new Evaluation(study.Model, AnswerScorer.For(study.Dataset), 8, 4).Run(study.Dataset with { Questions = [] }).Should().BeEmpty();
    }
}
