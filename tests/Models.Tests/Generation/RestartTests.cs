using TorchSharp;
using Vrp.Models.Engine;
using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Generation;

public sealed class RestartTests
{
    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void ForwardFrom_EveryLayer_EqualsTheFullForward(string family)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 9, 6);
        var full = model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.*.resid_*")] });

        for (var layer = 0; layer <= model.Layers; layer++)
        {
            var states = full.Trace[layer < model.Layers ? $"blocks.{layer}.resid_pre" : $"blocks.{layer - 1}.resid_post"];
            model.ForwardFrom(layer, states, inputs).Logits.ShouldEqual(full.Logits, 1e-5, $"logits restarted at {layer}");
        }
    }

    [Fact]
    public void Forward_FirstBlocksThenTheRest_EqualsAllAtOnce()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        var (x, positions, mask) = (randn(2, 5, model.HiddenSize), TensorArithmetic.Count(0, 5).unsqueeze(0), new AttentionMask(null, Causal: true));
        var all = model.TextModel.Forward(x, positions, mask);
        var half = model.TextModel.Forward(x, positions, mask, endLayer: 1);
        model.TextModel.Forward(half, positions, mask, firstLayer: 1).ShouldEqual(all, 0, "the same operations in the same order");
    }

    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void ForwardFrom_ManyArms_EachEqualsItsOwnFullForward(string family)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 9, 6);
        var states = model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.1.resid_pre")] }).Trace["blocks.1.resid_pre"];
        string[] arms = ["blocks.1.mlp.out:0-5=0", "blocks.2.attn.z:3=1", "blocks.1.mlp.hidden:7=2@last"];

        // Arms of one prompt next to each other: rows 0-2 are prompt 0, rows 3-5 prompt 1.
        var repeated = states.unsqueeze(1).expand(2, arms.Length, 9, model.HiddenSize).reshape(2 * arms.Length, 9, model.HiddenSize);
        var interventions = arms.Select((arm, i) => Intervention.Parse(arm) with { Rows = UnitSet.Of(i, arms.Length + i) });
        var together = model.ForwardFrom(1, repeated, inputs, new ForwardOptions { Interventions = [.. interventions], Logits = Positions.Last }).Logits;

        for (var i = 0; i < arms.Length; i++)
        {
            var alone = model.Forward(inputs, new ForwardOptions { Interventions = [Intervention.Parse(arms[i])], Logits = Positions.Last }).Logits;
            for (var prompt = 0; prompt < 2; prompt++)
                together.narrow(0, prompt * arms.Length + i, 1).ShouldEqual(alone.narrow(0, prompt, 1), 1e-5, $"prompt {prompt}, {arms[i]}");
        }
    }

    [Fact]
    public void ForwardFrom_InterventionBelowTheRestart_Throws()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 7);
        var states = randn(1, 7, model.HiddenSize);

        var below = () => model.ForwardFrom(2, states, inputs, new ForwardOptions { Interventions = [Intervention.Zero("blocks.0.mlp.out", 1)] });
        var misshapen = () => model.ForwardFrom(2, randn(1, 6, model.HiddenSize), inputs);

        below.Should().Throw<HookNotReachedException>();
        misshapen.Should().Throw<ShapeException>().WithMessage("restart:*");
    }
}
