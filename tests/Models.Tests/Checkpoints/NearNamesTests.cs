using Vrp.Models.Checkpoints;

namespace Vrp.Models.Tests.Checkpoints;

public class NearNamesTests
{
    static readonly string[] Names = ["layers.0.mlp.up_proj.weight", "layers.0.mlp.gate_proj.weight", "norm.weight"];

    [Theory]
    [InlineData("layers.0.mlp.upproj.weight", "layers.0.mlp.up_proj.weight")]
    [InlineData("layers.0.mlp.gate_porj.weight", "layers.0.mlp.gate_proj.weight")]
    [InlineData("norm.weights", "norm.weight")]
    [InlineData("norm.weight", "norm.weight")]
    public void Closest_Misspelling_GivesTheNameMeant(string name, string meant) => NearNames.Closest(name, Names).Should().Be(meant);

    [Theory]
    [InlineData("visual.patch_embed.proj")]
    [InlineData("")]
    public void Closest_NothingLikeIt_GivesNull(string name) => NearNames.Closest(name, Names).Should().BeNull();
}
