using System.Text.Json;
using Vrp.Models.Configuration;

namespace Vrp.Models.Tests.Configuration;

public sealed class VisionLanguageConfigTests
{
    [Theory]
    [InlineData("""{"model_type":"llava","text_config":{"model_type":"mistral"},"vision_config":{}}""", "text_config.model_type is 'mistral'")]
    [InlineData("""{"model_type":"paligemma","text_config":{"model_type":"gemma2"}}""", "text_config.model_type is 'gemma2'")]
    [InlineData("""{"model_type":"llava","text_config":{"rope_scaling":{"rope_type":"linear","factor":2.0}}}""", "'linear' rotary frequencies")]
    [InlineData("""{"model_type":"llava","text_config":{"num_attention_heads":6,"num_key_value_heads":4}}""", "6 attention heads over 4 key/value heads")]
    [InlineData("""{"model_type":"llava","vision_feature_layer":-40}""", "vision_feature_layer")]
    [InlineData("""{"model_type":"llava","vision_config":{"patch_size":0}}""", "patch_size")]
    [InlineData("""{"model_type":"llava","vision_config":{"num_attention_heads":7}}""", "num_attention_heads")]
    [InlineData("""{"model_type":"llava","vision_feature_select_strategy":"cls"}""", "'default' or 'full'")]
    [InlineData("""{"model_type":"qwen2_vl","use_sliding_window":true}""", "use_sliding_window")]
    [InlineData("""{"model_type":"qwen2_vl","hidden_size":8192,"vision_config":{"hidden_size":8192},"rope_scaling":{"type":"mrope","mrope_section":[1,2,3]}}""",
        "mrope_section is [1, 2, 3]")]
    [InlineData("""{"model_type":"paligemma","projection_dim":7}""", "projection_dim")]
    [InlineData("""{"model_type":"qwen2_vl","rope_scaling":{"mrope_section":[2147483647,2147483647,16]}}""",
        "mrope_section is [2147483647, 2147483647, 16]")]
    [InlineData("""{"model_type":"llava","vision_config":{"image_size":2147483647,"patch_size":1}}""", "image_size")]
    [InlineData("""{"model_type":"qwen2_vl","vision_config":{"mlp_ratio":1e300}}""", "mlp_ratio")]
    [InlineData("""{"model_type":"qwen2_vl","vision_config":{"patch_size":2147483647}}""", "patch_size")]
    [InlineData("""{"model_type":"llava","tie_word_embeddings":true,"text_config":{"tie_word_embeddings":false}}""", "tie_word_embeddings")]
    [InlineData("""{"model_type":"paligemma","tie_word_embeddings":false,"text_config":{"tie_word_embeddings":true}}""", "tie_word_embeddings")]
    [InlineData("""{"model_type":"bert"}""", "model_type is 'bert'")]
    public void FromJson_UnsupportedConfig_NamesWhatIsWrong(string json, string expected)
    {
        var read = () => VisionLanguageConfig.FromJson(JsonDocument.Parse(json).RootElement, "config.json");

        read.Should().Throw<VrpException>().WithMessage($"*{expected}*");
    }

    /// <summary>transformers reads the flag of the text config, and files of all families also have it at the root.</summary>
    [Theory]
    [InlineData("""{"model_type":"llava"}""", false)]
    [InlineData("""{"model_type":"llava","tie_word_embeddings":true}""", true)]
    [InlineData("""{"model_type":"llava","text_config":{"tie_word_embeddings":true}}""", true)]
    [InlineData("""{"model_type":"llava","tie_word_embeddings":true,"text_config":{"tie_word_embeddings":true}}""", true)]
    [InlineData("""{"model_type":"paligemma"}""", true)]
    [InlineData("""{"model_type":"paligemma","tie_word_embeddings":false}""", false)]
    [InlineData("""{"model_type":"paligemma","projection_dim":3072,"tie_word_embeddings":false,"text_config":{"vocab_size":9}}""", false)]
    [InlineData("""{"model_type":"qwen2_vl","hidden_size":3584,"num_attention_heads":28,"num_key_value_heads":4,"tie_word_embeddings":true}""", true)]
    public void FromJson_TiedHead_IsReadFromTextConfigElseFromTheRoot(string json, bool tied)
    {
        var config = VisionLanguageConfig.FromJson(JsonDocument.Parse(json).RootElement, "config.json");

        config.Text.TieWordEmbeddings.Should().Be(tied);
        config.ExpectedTensors().Keys.Any(name => name.EndsWith("lm_head.weight", StringComparison.Ordinal)).Should().Be(!tied);
    }

    [Fact]
    public void FromJson_SilentTextConfig_HasTransformersDefaults()
    {
        var config = VisionLanguageConfig.FromJson(JsonDocument.Parse("""{"model_type":"llava"}""").RootElement, "config.json");

        config.Text.Should().BeEquivalentTo(new { VocabSize = 32000, HiddenSize = 4096, IntermediateSize = 11008, NumHiddenLayers = 32,
            NumAttentionHeads = 32, NumKeyValueHeads = 32, HeadDim = 128, RmsNormEps = 1e-6, RopeTheta = 10000.0 });
    }
}
