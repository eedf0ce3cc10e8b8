using TorchSharp;
using Vrp.Builder.Training;
using Vrp.Builder.World;
using Vrp.Models;

namespace Vrp.Builder.Tests.Training;

public class TrainerTests
{
    public static TheoryData<string> Families => ["llava", "paligemma", "qwen2_vl"];

    /// <summary>A few tiny steps: more threads would only wait for each other.</summary>
    /// <summary>The shipped recipe with a few steps of each kind.</summary>
    static Recipe Short(string family)
    {
        var recipe = Recipe.Load(family);
        return recipe with
        {
            Phases =
            [
                recipe.Phases[0] with { Steps = 2, Images = 2 },
                recipe.Phases[^1] with
                {
                    Steps = 3, Images = 1,
                    Lessons = [new(2, [LessonKind.Chains, LessonKind.Questions]), new(3, [LessonKind.Questions], Packed: false)],
                },
            ],
        };
    }

    static (Dictionary<string, float[]> Weights, List<double> Losses) Train(string folder, string name, params double?[] minutes)
    {
        var (recipe, family) = (Short(name), FixtureFamily.ByName(name));
        var losses = new List<double>();
        CheckpointFolder.Prepare(folder, recipe, family);
        Dictionary<string, float[]>? weights = null;
        foreach (var limit in minutes)
        {
            using var trainer = new Trainer(recipe, family, folder, WorldSettings.Shipped);
            trainer.Run(limit is { } m ? TimeSpan.FromMinutes(m) : null, p => losses.Add(p.Line.Loss));
            weights = trainer.Weights.ToDictionary(w => w.Key, w => w.Value.detach().reshape(-1).data<float>().ToArray());
        }
        return (weights!, losses);
    }

    [Theory, MemberData(nameof(Families))]
    public void Run_StoppedAfterEveryStep_GivesTheWeightsOfAnUnbrokenRun(string name)
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        var (unbroken, losses) = Train(whole.Path, name, (double?)null);
        // No time at all: each run does one step and keeps its state.
        var (resumed, _) = Train(broken.Path, name, [.. Enumerable.Repeat<double?>(0, 3), null]);

        losses.Should().HaveCount(2).And.OnlyContain(loss => double.IsFinite(loss) && loss > 0);
        foreach (var (tensor, values) in unbroken)
            values.Zip(resumed[tensor], (a, b) => Math.Abs(a - b)).Max().Should().Be(0, $"{tensor} must not depend on where training was stopped");
    }

    [Theory, MemberData(nameof(Families))]
    public void Run_AFewSteps_ChangesEveryWeightThatAnAnswerDependsOn(string name)
    {
        using var folder = new TemporaryFolder();
        var (recipe, family) = (Short(name), FixtureFamily.ByName(name));
        CheckpointFolder.Prepare(folder.Path, recipe, family);
        using var trainer = new Trainer(recipe, family, folder.Path, WorldSettings.Shipped);
        var before = trainer.Weights.ToDictionary(w => w.Key, w => w.Value.detach().clone().reshape(-1).data<float>().ToArray());
        trainer.Run(null, _ => { });
        foreach (var (tensor, values) in before)
            trainer.Weights[tensor].detach().reshape(-1).data<float>().ToArray().SequenceEqual(values).Should().Be(family.IsUnused(tensor), tensor);
    }

    [Fact]
    public void Run_StateOfAnotherRecipe_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Train(folder.Path, "llava", 0);
        var other = Short("llava") with { Seed = 99 };
        using var trainer = new Trainer(other, FixtureFamily.ByName("llava"), folder.Path, WorldSettings.Shipped);
        FluentActions.Invoking(() => trainer.Run(null, _ => { })).Should().Throw<VrpException>().WithMessage("*another recipe*");
    }

    [Theory, MemberData(nameof(Families))]
    public void Prepare_Folder_LoadsAsACheckpointOfAtMostThreeMegabytes(string name)
    {
        using var folder = new TemporaryFolder();
        CheckpointFolder.Prepare(folder.Path, Recipe.Load(name), FixtureFamily.ByName(name));
        using var model = VisionLanguageModel.Load(folder.Path);
        model.Layers.Should().BeGreaterThanOrEqualTo(6);
        model.Processor.TemplateWarning.Should().BeNull();
        new FileInfo(folder.At(CheckpointFolder.WeightsFile)).Length.Should().BeLessThanOrEqualTo(3_000_000);
    }
}
