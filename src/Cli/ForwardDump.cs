using TorchSharp;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Cli;

/// <summary>One forward pass as named tensors: transformers' names, as fixtures/goldens/README.md lists them.</summary>
sealed class ForwardDump(VisionLanguageModel model, Intervention[] interventions, Capture[] wanted, int generate, int keptSteps)
{
    public List<(string Name, Tensor Tensor)> Run(string? question, string? prompt, string[] imageFiles)
    {
        RgbImage[] images = [.. imageFiles.Select(path => ImageFile.Read(path))];
        using var off = inference_mode();
        var inputs = model.Processor.Process(question is not null ? model.Processor.Ask(question, images) : new Prompt(prompt!, images));
        var tensors = new List<(string, Tensor)> { ("input_ids", Matrix(inputs.InputIds)), ("attention_mask", Matrix(inputs.AttentionMask)),
            ("position_ids", model.PositionIds(inputs)) };
        if (inputs.PixelValues is { } pixels) tensors.Add(("pixel_values", pixels));
        if (inputs.ImageGridThw is { } grid) tensors.Add(("image_grid_thw", Matrix(grid)));

        Capture[] captures = wanted.Length > 0 ? wanted : Everything(images.Length > 0);
        var result = model.Forward(inputs, new ForwardOptions { Captures = captures, Interventions = interventions });
        tensors.Add(("logits", result.Logits.to(ScalarType.Float32).cpu()));
        if (wanted.Length > 0) tensors.AddRange(result.Trace.Select(item => (item.Key, item.Value)));
        else AddGoldenNames(tensors, result.Trace);

        if (generate > 0)
        {
            var answer = model.Generate(inputs, new GenerationOptions { MaxNewTokens = generate, IgnoreEndTokens = true,
                KeepLogits = Math.Min(generate, keptSteps) },
                new ForwardOptions { Interventions = interventions });
            tensors.Add(("generated_ids", tensor([.. answer.Sequences[0].Ids.Select(id => (long)id)], [1, generate])));
            tensors.Add(("generated_logits", answer.Logits!));
        }
        return tensors;
    }

    static Capture[] Everything(bool images) =>
    [
        .. images ? [new Capture("image_features"), new Capture("projector.out"), new Capture("vision.blocks.*.resid_post")] : Array.Empty<Capture>(),
        new("blocks.*.resid_pre"), new("blocks.*.resid_post"), new("blocks.*.attn.out"), new("blocks.*.mlp.out"), new("blocks.*.mlp.hidden"),
            new("blocks.*.attn.pattern"), new("final_norm"),
    ];

    /// <summary>hidden_states.i is block i's input, hidden_states.L the final norm's output; attentions.i is block i's pattern.</summary>
    void AddGoldenNames(List<(string, Tensor)> tensors, Trace trace)
    {
        var last = model.Layers - 1;
        foreach (var (name, value) in trace)
        {
            var parts = name.Split('.');
            if (parts[0] == "final_norm") tensors.Add(($"hidden_states.{model.Layers}", value));
            else if (parts[0] != "blocks") tensors.Add((name, value));
            else if (name.EndsWith(".resid_pre", StringComparison.Ordinal)) tensors.Add(($"hidden_states.{parts[1]}", value));
            else if (name.EndsWith(".attn.pattern", StringComparison.Ordinal)) tensors.Add(($"attentions.{parts[1]}", value));
            else if (!name.EndsWith(".resid_post", StringComparison.Ordinal) || parts[1] == $"{last}") tensors.Add((name, value));
        }
        tensors.Add(("lens", model.LogitLens(trace)));
    }

    static Tensor Matrix(long[,] values) => tensor([.. values.Cast<long>()], [values.GetLength(0), values.GetLength(1)]);
}
