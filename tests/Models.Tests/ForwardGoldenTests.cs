using FluentAssertions;
using TorchSharp;
using Vrp.Models.Hooks;
using Xunit;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

/// <summary>Every tensor of one forward equals transformers' (goldens' README: names and tolerance).</summary>
public sealed class ForwardGoldenTests
{
    [Theory, MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public void Forward_GoldenCase_EqualsReferenceAtEveryPoint(string folder, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Read(folder, name);
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));
        var inputs = golden.Inputs;

        var captures = new List<Capture> { new("blocks.*"), new("final_norm"), new("logits") };
        if (inputs.PixelValues is not null) captures.AddRange([new("vision.blocks.*.resid_post"), new("projector.out"), new("image_features")]);
        var result = model.Forward(inputs, new ForwardOptions { Captures = captures });

        string[] notOfAForward = ["input_ids", "attention_mask", "pixel_values", "image_grid_thw", "generated_ids", "generated_logits"];
        string[] compared = [.. golden.Names.Except(notOfAForward).Where(point => !point.StartsWith("ablate_", StringComparison.Ordinal))];
        compared.Should().NotBeEmpty();
        foreach (var point in compared)
        {
            var actual = ByReferenceName(model, inputs, result, point);
            var expected = golden[point];
            if (actual.shape.Length == expected.shape.Length)
                for (var axis = 1; axis < expected.dim(); axis++)                        // the goldens hold last positions only of most cases
                    if (expected.shape[axis] == 1 && actual.shape[axis] > 1) actual = actual.narrow(axis, actual.shape[axis] - 1, 1);
            actual.ShouldEqual(expected, point == "position_ids" ? 0 : golden.Tolerance, $"{folder}: {name}.{point}");
        }
    }

    /// <summary>docs/hooks.md's table, read from the reference's side.</summary>
    static Tensor ByReferenceName(VisionLanguageModel model, ModelInputs inputs, ForwardResult result, string point)
    {
        if (point == "position_ids") return model.PositionIds(inputs);
        if (point == "logits") return result.Logits;
        if (point == "lens") return model.LogitLens(result.Trace);
        if (point.StartsWith("attentions.", StringComparison.Ordinal)) return result.Trace[$"blocks.{point["attentions.".Length..]}.attn.pattern"];
        if (!point.StartsWith("hidden_states.", StringComparison.Ordinal)) return result.Trace[point];
        var state = int.Parse(point["hidden_states.".Length..]);
        return result.Trace[state == model.Layers ? "final_norm" : $"blocks.{state}.resid_pre"];
    }

    [Theory, MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public void Forward_LastPositionCaptures_EqualLastRowsOfReference(string folder, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Read(folder, name);
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));

        var result = model.Forward(golden.Inputs, new ForwardOptions
        {
            Captures = [new("blocks.*.attn.pattern", Positions.Last), new("blocks.*.resid_post", Positions.Last), new("blocks.*.mlp.out", Positions.Last)],
            Logits = Positions.Last,
        });

        var last = golden["logits"].narrow(1, golden["logits"].shape[1] - 1, 1);
        result.Logits.ShouldEqual(last, golden.Tolerance, "logits");
        for (var i = 0; i < model.Layers; i++)
        {
            var map = golden[$"attentions.{i}"];
            result.Trace[$"blocks.{i}.attn.pattern"].ShouldEqual(map.narrow(2, map.shape[2] - 1, 1), golden.Tolerance, $"attentions.{i}");
            result.Trace[$"blocks.{i}.mlp.out"].shape.Should().Equal(1, 1, model.HiddenSize);
        }
        model.LogitLens(result.Trace).ShouldEqual(golden["lens"], golden.Tolerance, "lens");
    }

    [Theory, MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public void Forward_Interventions_EqualReferenceAblations(string folder, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Read(folder, name);
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));
        var ablations = new Dictionary<string, string>
        {
            ["ablate_zero_all"] = "blocks.2.mlp.out:3,17,40=0",
            ["ablate_zero_last"] = "blocks.2.mlp.out:3,17,40=0@last",
            ["ablate_value_all"] = "blocks.1.mlp.out:0,5=0.75",
        };

        foreach (var (point, text) in ablations)
        {
            var result = model.Forward(golden.Inputs, new ForwardOptions { Interventions = [Intervention.Parse(text)], Logits = Positions.Last });
            result.Logits.select(1, 0).ShouldEqual(golden[point], golden.Tolerance, $"{folder}: {name}.{point}");
        }
    }

    [Theory, MemberData(nameof(GoldenCase.AllWithBatches), MemberType = typeof(GoldenCase))]
    public void Process_GoldenPrompts_EqualsReferenceProcessor(string folder, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenCase.Read(folder, name);
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));

        var inputs = model.Processor.Process(golden.AsPrompts);

        var expected = golden.Inputs;
        inputs.InputIds.Cast<long>().Should().Equal(expected.InputIds.Cast<long>());
        inputs.AttentionMask.Cast<long>().Should().Equal(expected.AttentionMask.Cast<long>());
        (inputs.ImageGridThw?.Cast<long>() ?? []).Should().Equal(expected.ImageGridThw?.Cast<long>() ?? []);
        (inputs.PixelValues is null).Should().Be(expected.PixelValues is null);
        inputs.PixelValues?.ShouldEqual(expected.PixelValues!, 1e-6, "pixel_values");
    }
}
