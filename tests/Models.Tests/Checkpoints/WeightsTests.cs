using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Checkpoints;

public sealed class WeightsTests : IDisposable
{
    readonly Weights weights = Weights.From(new Dictionary<string, Tensor>
    {
        ["model.layers.0.self_attn.q_proj.weight"] = ones(2, 2),
        ["model.layers.0.self_attn.q_proj.bias"] = ones(2),
        ["model.layers.10.norm.weight"] = ones(3),
        ["model.norm.weight"] = ones(4),
    });

    public void Dispose() => weights.Dispose();

    [Fact]
    public void Cursor_LevelByLevelOrAtOnce_LeadsToTheSameTensor()
    {
        Tensor byLevels = weights["model"]["layers"][0]["self_attn"]["q_proj.weight"], atOnce = weights["model.layers.0.self_attn.q_proj.weight"];
        byLevels.Should().BeSameAs(atOnce);
        weights["model"]["layers"][0].Path.Should().Be("model.layers.0");
    }

    [Theory]
    [InlineData("model", true)]
    [InlineData("model.layers.0.self_attn.q_proj.bias", true)]
    [InlineData("model.layers.1", false)]
    [InlineData("model.lay", false)]
    [InlineData("lm_head.weight", false)]
    public void Has_TensorOrLevel(string name, bool there) => weights.Has(name).Should().Be(there);

    [Fact]
    public void All_BelowACursor_GivesFullNamesOfThatLevelOnly()
    {
        weights.All.Should().HaveCount(4);
        weights["model.layers"][0].All.Keys.Should().BeEquivalentTo("model.layers.0.self_attn.q_proj.weight", "model.layers.0.self_attn.q_proj.bias");
        weights["model.norm.weight"].All.Keys.Should().Equal("model.norm.weight");
    }

    [Fact]
    public void Cursor_NameThatLeadsNowhere_ThrowsWithANearName() =>
        weights["model"].Invoking(w => w["layers.0.self_atn"]).Should().Throw<KeyNotFoundException>()
            .WithMessage("*'model.layers.0.self_atn'*near: 'model.layers.0.self_attn'*");

    [Fact]
    public void Cursor_LevelTakenAsATensor_Throws() =>
        weights.Invoking(w => (Tensor)w["model.norm"]).Should().Throw<KeyNotFoundException>().WithMessage("'model.norm' is a level*");

    [Fact]
    public void Take_ShapeAsStated_GivesTheTensor() =>
        weights["model"].Take("layers.10.norm.weight", 3).Should().BeSameAs((Tensor)weights["model.layers.10.norm.weight"]);

    [Fact]
    public void Take_OtherShape_NamesBoth() =>
        weights.Invoking(w => w.Take("model.norm.weight", 5)).Should().Throw<VrpException>().WithMessage("*'model.norm.weight'*[4]; expected [5]*");

    [Fact]
    public void ThatRecord_Take_WritesNamesAndShapesInOrder()
    {
        var asked = new Dictionary<string, long[]>();
        var cursor = Weights.ThatRecord(asked);

        cursor["b"][3].Take("weight", 2, 1);
        cursor.Leave("a", 7);

        asked.Select(item => $"{item.Key} {string.Join('x', item.Value)}").Should().Equal("b.3.weight 2x1", "a 7");
        cursor.Invoking(w => w.Take("c", 4, 0)).Should().Throw<CheckpointException>().WithMessage("*'c'*[4, 0]*positive*");
    }

    [Fact]
    public void Dispose_FreesEveryTensor()
    {
        var tensor = ones(1);
        Weights.From(new Dictionary<string, Tensor> { ["a"] = tensor }).Dispose();
        tensor.IsInvalid.Should().BeTrue();
    }
}
