using Vrp.Builder.Training;
using Vrp.Models;

namespace Vrp.Builder.Tests.Training;

public class RecipeTests
{
    public static TheoryData<string> Shipped => [.. Recipe.Shipped];

    [Theory, MemberData(nameof(Shipped))]
    public void Load_ShippedRecipe_HasSixBlocksOrMoreAndItsOwnFamily(string name)
    {
        var recipe = Recipe.Load(name);
        var text = recipe.Config["text_config"] ?? recipe.Config;
        ((int)text["num_hidden_layers"]!).Should().BeGreaterThanOrEqualTo(6);
        name.Should().StartWith(recipe.Family);
    }

    [Fact]
    public void Shipped_AreTheThreeFamilies() => Recipe.Shipped.Should().Contain(["llava", "paligemma", "qwen2_vl"]);

    [Fact]
    public void Load_UnknownName_SaysWhichThereAre() =>
        FluentActions.Invoking(() => Recipe.Load("nothing")).Should().Throw<VrpException>().WithMessage("*'nothing'*llava*");

    [Fact]
    public void Parse_UnknownKey_IsNamed() =>
        FluentActions.Invoking(() => Recipe.Parse("""{ "famly": "llava" }""", "mine.json")).Should().Throw<VrpException>().WithMessage("*mine.json*famly*");

    [Fact]
    public void Parse_LessonsShorterThanThePhase_IsRefused()
    {
        var text = Recipe.Load("llava").Canonical();
        var last = Recipe.Load("llava").Phases[^1].Steps;
        FluentActions.Invoking(() => Recipe.Parse(text.Replace($"\"until\":{last}", $"\"until\":{last - 1}"), "mine.json"))
            .Should().Throw<VrpException>().WithMessage($"*last until step {last}*");
    }

    [Fact]
    public void RateAt_WarmsUpThenFallsToTheShare()
    {
        var phase = Recipe.Load("llava").Phases[0];
        phase.RateAt(0).Should().BeApproximately(1.0 / phase.WarmUpSteps, 1e-9);
        phase.RateAt(phase.WarmUpSteps).Should().BeGreaterThan(0.98);
        phase.RateAt(phase.Steps - 1).Should().BeApproximately(phase.FinalShare, 1e-3);
    }
}
