using Vrp.Models.Checkpoints;

namespace Vrp.Models.Tests.Checkpoints;

public class TensorNamesTests
{
    /// <summary>Every published name must stay as it is: the mapping recognises newer names only.</summary>
    [Theory]
    [MemberData(nameof(Goldens.Architectures), MemberType = typeof(Goldens))]
    public void Canonical_NameOnTheHub_StaysAsItIs(string architecture)
    {
        var modelType = ConfigSection.Read(Goldens.At("architectures", architecture, "config.json")).String("model_type");
        string[] names = [.. File.ReadLines(Goldens.At("architectures", architecture, "tensors.txt")).Where(line => line.Length > 0)
            .Select(line => line.Split(' ')[0])];

        names.Should().NotBeEmpty();
        names.Select(ModelFamilies.For(modelType).TensorNames.Canonical).Should().Equal(names);
        names.Should().NotContain(name => TensorNames.IsBuffer(name));
        names.Should().Contain(ModelFamilies.For(modelType).TensorNames.Embedding);
    }

    [Theory]
    [InlineData("llava", "model.language_model.layers.3.mlp.up_proj.weight", "language_model.model.layers.3.mlp.up_proj.weight")]
    [InlineData("llava", "model.vision_tower.vision_model.pre_layrnorm.bias", "vision_tower.vision_model.pre_layrnorm.bias")]
    [InlineData("llava", "lm_head.weight", "language_model.lm_head.weight")]
    [InlineData("paligemma", "model.multi_modal_projector.linear.bias", "multi_modal_projector.linear.bias")]
    [InlineData("paligemma", "lm_head.weight", "language_model.lm_head.weight")]
    [InlineData("qwen2_vl", "model.language_model.norm.weight", "model.norm.weight")]
    [InlineData("qwen2_vl", "model.visual.blocks.0.norm1.bias", "visual.blocks.0.norm1.bias")]
    [InlineData("qwen2_vl", "lm_head.weight", "lm_head.weight")]
    [InlineData("qwen2_vl", "something.else", "something.else")]
    public void Canonical_NewerName_GivesTheHubs(string modelType, string stored, string hub) =>
        ModelFamilies.For(modelType).TensorNames.Canonical(stored).Should().Be(hub);

    [Theory]
    [InlineData("language_model.model.layers.0.self_attn.rotary_emb.inv_freq", true)]
    [InlineData("vision_tower.vision_model.embeddings.position_ids", true)]
    [InlineData("visual.rotary_pos_emb.inv_freq", true)]
    [InlineData("vision_tower.vision_model.embeddings.position_embedding.weight", false)]
    public void IsBuffer_ByName(string name, bool buffer) => TensorNames.IsBuffer(name).Should().Be(buffer);
}
