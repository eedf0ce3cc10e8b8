using System.Text.Json;
using Vrp.Builder.World;
using Vrp.Builder.World.Building;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Builder.Tests;

/// <summary>The data set in fixtures/world, read as a user of the harness reads it.</summary>
public class ShippedWorldTests(ShippedWorldTests.Rebuilt rebuilt) : IClassFixture<ShippedWorldTests.Rebuilt>
{
    static readonly Dictionary<string, JsonElement> scenes = File.ReadLines(Fixtures.At("world", "scenes.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(row => row.GetProperty("image").GetString()!);

    public static TheoryData<string, int> Files => new()
    {
        { "pope_random", 3000 }, { "pope_popular", 3000 }, { "pope_adversarial", 3000 },
        { "counting", 1000 }, { "spatial", 1000 }, { "identify", 1000 }, { "open", 90 }, { "study", 3090 },
    };

    /// <summary>The release, built once for all tests of this class.</summary>
    public sealed class Rebuilt
    {
        public WorldRelease World { get; } = WorldRelease.Build(WorldSettings.Shipped);
    }

    [Fact]
    public void Folder_BuiltAgain_IsTheSame() =>
        new WorldFolder(Fixtures.At("world")).Differences(rebuilt.World).Should().BeEmpty("./vrp world build must have been run after the last change of the "
            + "settings");

    [Fact]
    public void Folder_Images_AreFiveHundredWithinEightMegabytes()
    {
        var files = new DirectoryInfo(Fixtures.At("world", "images")).GetFiles();
        files.Should().HaveCount(500);
        files.Sum(f => f.Length).Should().BeLessThan(8_000_000);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_ReadByTheHarness_HasItsRowsAndTrueAnswers(string name, int rows)
    {
        var dataset = Read(name);
        dataset.Questions.Should().HaveCount(rows);
        var judge = AnswerScorer.For(dataset);
        foreach (var question in dataset.Questions)
        {
            var truth = SceneTruth.Answers(question.Text, Objects(question.Image));
            judge.Score(question, truth).Status.Should().Be(AnswerStatus.Correct, "{0}: {1} → {2}", question.Id, question.Text, truth);
        }
    }

    [Fact]
    public void Scenes_Objects_AreAtLeastThreeCategoriesAndVisible()
    {
        scenes.Should().HaveCount(500);
        foreach (var scene in scenes.Values)
        {
            var objects = scene.GetProperty("objects").EnumerateArray().ToList();
            objects.Select(o => o.GetProperty("category").GetString()).Distinct().Count().Should().BeGreaterThanOrEqualTo(3);
            objects.Should().OnlyContain(o => o.GetProperty("visible_area").GetInt32() * 100
                >= WorldSettings.Shipped.VisiblePercent * o.GetProperty("area").GetInt32());
        }
    }

    [Fact]
    public void Spatial_EveryFormAndCategory_HasBothAnswersEquallyOften()
    {
        var samples = Read("spatial").Questions.Select(s => (Words: s.Text.Split(' '), Answer: s.Answers[0])).ToList();
        foreach (var cell in samples.GroupBy(s => (Category: s.Words[2], Sideways: s.Answer is "left" or "right")))
            cell.GroupBy(s => s.Answer).Select(g => g.Count()).Distinct().Should().ContainSingle("{0} must be as often on one side as on the other",
                cell.Key).And.OnlyContain(n => 2 * n == cell.Count());
        // The order of the two words: a quarter of the questions of a form for each order and answer.
        samples.GroupBy(s => (FirstWord: s.Words[5], s.Answer)).Select(g => g.Count()).Should().HaveCount(8).And.OnlyContain(n => n == 125);
    }

    [Fact]
    public void Counting_Answers_HaveTheAgreedSharesOverAllCategories()
    {
        var questions = Read("counting").Questions;
        int Share(params string[] answers) => questions.Count(s => answers.Contains(s.Answers[0]));
        new[] { Share("zero"), Share("one"), Share("two"), Share("three", "four", "five",
            "six") }.Should().Equal(WorldSettings.Shipped.CountShares.Select(s => 10 * s));
        // "One" is never scarce: its questions are spread evenly over the sixteen categories.
        var even = Share("one") / 16.0;
        questions.Where(s => s.Answers[0] == "one").GroupBy(s => s.Text).Select(g => g.Count()).Should().HaveCount(16)
            .And.OnlyContain(n => Math.Abs(n - even) <= 2);
    }

    [Theory]
    [InlineData("pope_random", 0.50)]
    [InlineData("pope_popular", 0.50)]
    [InlineData("pope_adversarial", 0.50)]
    [InlineData("spatial", 0.50)]
    [InlineData("counting", 0.35)]
    [InlineData("identify", 0.10)]
    public void QuestionOnlyBaseline_ShippedFile_IsNotAboveChance(string name, double chance) =>
        // Chance is the share of the most frequent answer; three standard errors above it at the file's size.
        rebuilt.World.Baseline.Accuracy(rebuilt.World.Files.Single(f => f.Name == name).Questions).Should().BeLessThan(chance + 3 * Math.Sqrt(0.25 / 1000));

    [Fact]
    public void Study_Parts_AreTheStudysMix()
    {
        var study = Read("study");
        study.Questions.GroupBy(s => s.Kind).ToDictionary(g => g.Key, g => g.Count()).Should().BeEquivalentTo(new Dictionary<QuestionKind, int>
        {
            [QuestionKind.YesNo] = 1000, [QuestionKind.Count] = 1000, [QuestionKind.Spatial] = 1000, [QuestionKind.Open] = 90,
        });
        study.Questions.Where(s => s.Kind == QuestionKind.YesNo).Select(s => s.Id)
            .Should().Equal(Read("pope_adversarial").Questions.Take(1000).Select(s => s.Id));
        study.Questions.Should().OnlyContain(s => s.Group == s.Image);
    }

    static Dataset Read(string name) => DatasetReader.Open(Fixtures.At("world", name + ".jsonl"), new() { CheckImages = false });

    static List<SceneTruth.Object> Objects(string image) =>
        [.. scenes[image].GetProperty("objects").EnumerateArray().Select(o => new SceneTruth.Object(
            o.GetProperty("category").GetString()!, o.GetProperty("colour").GetString()!, o.GetProperty("x").GetInt32(), o.GetProperty("y").GetInt32()))];
}
