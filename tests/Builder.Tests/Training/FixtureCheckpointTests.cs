using TorchSharp;
using Vrp.Builder.Training;
using Vrp.Builder.Training.Reporting;
using Vrp.Harness.Datasets;
using Vrp.Models;

namespace Vrp.Builder.Tests.Training;

/// <summary>The shipped models are what the study's claims need: neither perfect nor guessing, and looking. Measured anew from the stored weights, on part of
/// the images.</summary>
public class FixtureCheckpointTests
{
    /// <summary>Six questions of each POPE file per image, and more of the other kinds.</summary>
    const int Images = 150;

    static readonly string[] subjects = ["llava", "paligemma", "qwen2_vl"];

    public static TheoryData<string> Subjects => [.. subjects];

    public static TheoryData<string> Checkpoints =>
        [.. Directory.GetDirectories(Fixtures.At("checkpoints")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory, MemberData(nameof(Subjects))]
    public void Measure_Subject_MeetsEveryDemand(string name)
    {
        using var model = VisionLanguageModel.Load(Fixtures.At("checkpoints", name));
        var report = FixtureReport.Measure(model, Fixtures.At("world"), Images);
        report.Bands.Where(band => !band.Holds).Select(band => band.ToString()).Should().BeEmpty();
    }

    [Fact]
    public void Measure_Spatial_AtLeastTwoFamiliesAreRightTwoTimesOfThree()
    {
        // From the model cards, which hold the figures of all images.
        var accuracies = subjects.Select(name => CardFigure(name, "spatial accuracy"));
        accuracies.Count(value => value >= 0.65).Should().BeGreaterThanOrEqualTo(2);
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Folder_IsCompleteAndWithinThreeMegabytes(string name)
    {
        var folder = Fixtures.At("checkpoints", name);
        new FileInfo(Path.Combine(folder, CheckpointFolder.WeightsFile)).Length.Should().BeLessThanOrEqualTo(3_000_000);
        foreach (var file in (string[])["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                     "preprocessor_config.json", "README.md", "loss.svg", "training.json"])
            File.Exists(Path.Combine(folder, file)).Should().BeTrue($"{name} needs {file}");
        File.Exists(Path.Combine(folder, TrainingState.FileName)).Should().BeFalse("a training state is not part of a checkpoint");
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Prepare_Recipe_GivesTheFilesThatAreShipped(string name)
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe.Load(name);
        CheckpointFolder.Prepare(folder.Path, recipe, Vrp.Builder.Training.FixtureFamily.ByName(recipe.Family));
        foreach (var file in Directory.GetFiles(folder.Path, "*.json"))
            File.ReadAllText(Fixtures.At("checkpoints", name, Path.GetFileName(file))).Should().Be(File.ReadAllText(file), Path.GetFileName(file));
    }

    [Fact]
    public void Degrade_Llava_LosesThreeToEightPointsOfAdversarialAccuracy()
    {
        using var folder = new TemporaryFolder();
        Vrp.Builder.Commands.WorldDegradeCommand.Degrade(Fixtures.At("checkpoints", "llava"), folder.Path,
            Vrp.Builder.Commands.WorldDegradeCommand.DefaultBits);
        var questions = DatasetReader.Open(Fixtures.At("world", "pope_adversarial.jsonl"), new DatasetOptions { Limit = Images });
        double Accuracy(string checkpoint)
        {
            using var model = VisionLanguageModel.Load(checkpoint);
            return new FixtureQuestioner(model).Ask(questions).Average(a => a.IsRight ? 1.0 : 0);
        }
        (Accuracy(Fixtures.At("checkpoints", "llava")) - Accuracy(folder.Path)).Should().BeInRange(0.03, 0.08);
    }

    [Fact]
    public void Ask_UnseenWording_StillAnswersInTheFormOfAnAnswer()
    {
        using var model = VisionLanguageModel.Load(Fixtures.At("checkpoints", "llava"));
        var seen = DatasetReader.Open(Fixtures.At("world", "pope_adversarial.jsonl"), new DatasetOptions { Limit = 10 });
        var reworded = seen with { Questions = [.. seen.Questions.Select(s => s with { Text = s.Text.Replace("in the image", "in this picture") })] };
        new FixtureQuestioner(model).Ask(reworded).Count(a => a.Greedy.Score.Parsed is not null)
            .Should().BeGreaterThanOrEqualTo((int)(0.9 * reworded.Questions.Count));
    }

    static double CardFigure(string checkpoint, string figure)
    {
        var line = File.ReadLines(Fixtures.At("checkpoints", checkpoint, "README.md")).Single(l => l.StartsWith($"| {figure} |", StringComparison.Ordinal));
        return double.Parse(line.Split('|')[2], System.Globalization.CultureInfo.InvariantCulture);
    }
}
