using System.Text.Json;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

/// <summary>Models of random weights in memory, for properties that hold whatever the weights: small, wide enough that a mistake shows.</summary>
static class SmallModel
{
    const string Clip = """{"hidden_size":16,"intermediate_size":24,"num_hidden_layers":2,"num_attention_heads":2,"image_size":28,"patch_size":14}""";

    /// <summary>Grouped-query, multi-query and grouped-query attention with a tied head.</summary>
    static readonly Dictionary<string, string> Configs = new()
    {
        ["llava"] = $$"""
            {"model_type":"llava","image_token_index":50,"vision_config":{{Clip}},
             "text_config":{"hidden_size":32,"intermediate_size":40,"num_hidden_layers":3,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":60} }
            """,
        ["paligemma"] = $$"""
            {"model_type":"paligemma","image_token_index":50,"projection_dim":32,"vision_config":{"vision_use_head":false,{{Clip[1..]}},
             "text_config":{"hidden_size":32,"intermediate_size":40,"num_hidden_layers":3,"num_attention_heads":4,"num_key_value_heads":1,"head_dim":12,
                            "vocab_size":60} }
            """,
        ["qwen2_vl"] = """
            {"model_type":"qwen2_vl","image_token_id":50,"vision_config":{"depth":2,"embed_dim":16,"hidden_size":32,"num_heads":2},
             "hidden_size":32,"intermediate_size":40,"num_hidden_layers":3,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":60,
             "tie_word_embeddings":true,"rope_scaling":{"type":"mrope","mrope_section":[1,1,2]} }
            """,
    };

    public static IEnumerable<object[]> Families() => Configs.Keys.Select(family => new object[] { family });

    public static VisionLanguageModel Create(string family, ScalarType dtype = ScalarType.Float32)
    {
        var config = VisionLanguageConfig.FromJson(JsonDocument.Parse(Configs[family]).RootElement, "config.json");
        using var scope = NewDisposeScope();
        // its own: tests run side by side, and the default generator is everyone's
        using var generator = new Generator(7);
        return VisionLanguageModel.Create(config,
            Weights.From(config.ExpectedTensors().ToDictionary(item => item.Key, item => randn(item.Value, generator: generator).Times(0.3).to(dtype))));
    }

    /// <summary>Prompts of the given lengths, padded on the left, each with one image.</summary>
    public static ModelInputs Inputs(VisionLanguageModel model, params int[] lengths)
    {
        const int ImageTokens = 4;
        var length = lengths.Max();
        var (ids, mask) = (new long[lengths.Length, length], new long[lengths.Length, length]);
        var random = new Random(3);
        for (var row = 0; row < lengths.Length; row++)
            for (int t = length - lengths[row], at = 0; t < length; t++, at++)
                (ids[row, t], mask[row, t]) = (at is >= 1 and <= ImageTokens ? model.ImageTokenId : random.Next(model.ImageTokenId), 1);
        using var generator = new Generator(11);
        var qwen = model.Config.ModelType == "qwen2_vl";
        var pixels = (qwen ? randn([lengths.Length * ImageTokens * 4, 1176], generator: generator) : randn([lengths.Length, 3, 28, 28],
            generator: generator)).DetachFromDisposeScope();
        var grid = qwen ? new long[lengths.Length, 3] : null;
        for (var row = 0; qwen && row < lengths.Length; row++) (grid![row, 0], grid[row, 1], grid[row, 2]) = (1, 4, 4);
        return new ModelInputs(ids, mask, pixels, grid);
    }
}
