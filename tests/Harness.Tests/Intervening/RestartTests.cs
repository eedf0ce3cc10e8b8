using TorchSharp;
using Vrp.Harness.Tests.Tracing;
using Vrp.Models;
using Vrp.Models.Engine;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using Vrp.Models.Tests;
using static TorchSharp.torch;

namespace Vrp.Harness.Tests.Intervening;

/// <summary>A restart gives what the full forward with the same intervention gives, for every layer, with prompts of several lengths in one batch.</summary>
public sealed class RestartTests
{
    /// <summary>Logits of the goldens' random models are in the tens; float32 sums in another order differ by a few 1e-5.</summary>
    const double Tolerance = 5e-4;

    static readonly int[][] UnitSets = [[3], [0, 5, 17, 40], [.. Enumerable.Range(10, 30)]];

    static ModelInputs Inputs(VisionLanguageModel model)
    {
        string[] questions = ["Is there a dog?", "How many cats are there in the picture, all in all?", "What is this?"],
            images = ["astronaut.png", "chelsea.png", "rocket.jpg"];
        return model.Processor.Process([.. questions.Zip(images,
            (question, image) => model.Processor.Ask(question, ImageFile.Read(Goldens.At("images", image))))]);
    }

    /// <summary>States of every arm above a layer, rows prompt by prompt, arm by arm: [B·A,D].</summary>
    static Tensor AblatedStates(Trace trace, int layer)
    {
        Tensor Last(string point) => trace[$"blocks.{layer}.{point}"] is var x ? x.select(1, x.shape[1] - 1) : x;
        var arms = UnitSets.Select(units =>
        {
            var mlp = Last("mlp.out").clone();
            foreach (var unit in units) mlp.select(1, unit).zero_();
            return Last("resid_pre").Plus(Last("attn.out")).Plus(mlp);
        });
        return stack(arms, 1).reshape(-1, trace[$"blocks.{layer}.mlp.out"].shape[^1]);
    }

    static IEnumerable<Capture> Sums(int layer) => ((string[])["resid_pre", "attn.out", "mlp.out"]).Select(point => new Capture($"blocks.{layer}.{point}"));

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void RestartLast_EveryLayer_EqualsTheForwardWithTheSameIntervention(string name)
    {
        using var model = VisionLanguageModel.Load(Goldens.At("models", name));
        using var grad = inference_mode();
        using var outer = NewDisposeScope();
        var inputs = Inputs(model);
        // Where a prompt is read with full attention, positions before the last change too, from the second block above on; the restart leaves them as they
        // were.
        var first = model.Config.ModelType == "paligemma" ? model.Layers - 2 : 0;
        for (var layer = first; layer < model.Layers; layer++)
        {
            using var scope = NewDisposeScope();
            using var prefill = model.Prefill(inputs, 4, new ForwardOptions { Captures = [.. Sums(layer)], Logits = Positions.Last });
            using var restart = prefill.RestartLast(layer + 1, AblatedStates(prefill.Trace, layer));
            for (var arm = 0; arm < UnitSets.Length; arm++)
            {
                var full = model.Forward(inputs, new ForwardOptions { Interventions = [Ablation(layer, arm)], Logits = Positions.Last });
                var restarted = stack([.. Enumerable.Range(0, inputs.Rows).Select(row => restart.Logits[row * UnitSets.Length + arm])], 0);
                restarted.ShouldEqual(full.Logits.select(1, 0), Tolerance, $"{name}: arm {arm} at layer {layer}");
                TensorAssertions.Distance(restarted, prefill.PromptLogits.select(1, 0)).Should().BeGreaterThan(Tolerance, "the arm changes something");
            }
        }
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void RestartLast_EveryLayer_EqualsBlocksWhoseOtherPositionsAreHeld(string name)
    {
        using var model = VisionLanguageModel.Load(Goldens.At("models", name));
        using var grad = inference_mode();
        using var outer = NewDisposeScope();
        var inputs = Inputs(model);
        var clean = model.Forward(inputs, new ForwardOptions { Captures = [new("blocks.*")] });
        for (var layer = 0; layer < model.Layers; layer++)
        {
            using var scope = NewDisposeScope();
            using var prefill = model.Prefill(inputs, 1, new ForwardOptions { Captures = [.. Sums(layer)], Logits = Positions.Last });
            var states = AblatedStates(prefill.Trace, layer);
            using var restart = prefill.RestartLast(layer + 1, states);

            var last = states;                                                           // [B·A,D]
            for (var next = layer + 1; next < model.Layers; next++)
            {
                var whole = Held(clean.Trace[$"blocks.{next}.resid_pre"], last);
                var run = model.ForwardFrom(next, whole, inputs,
                    new ForwardOptions { Captures = [new($"blocks.{next}.resid_post", Positions.Last)], Logits = Positions.Last });
                last = run.Trace[$"blocks.{next}.resid_post"].squeeze(1);
            }
            restart.Logits.ShouldEqual(model.TextModel.Unembed(last), Tolerance, $"{name}: layer {layer}");
        }
    }

    [Theory, MemberData(nameof(TinyStudy.Families), MemberType = typeof(TinyStudy))]
    public void RestartLast_Generate_EqualsGenerationWithTheSameIntervention(string name)
    {
        using var model = VisionLanguageModel.Load(Goldens.At("models", name));
        using var grad = inference_mode();
        using var outer = NewDisposeScope();
        var inputs = Inputs(model);
        var layer = model.Config.ModelType == "paligemma" ? model.Layers - 2 : 1;
        var options = new GenerationOptions { MaxNewTokens = 5 };
        using var prefill = model.Prefill(inputs, 6, new ForwardOptions { Captures = [.. Sums(layer)], Logits = Positions.Last });
        var before = prefill.Generate(options).Sequences.Select(sequence => string.Join(",", sequence.Ids)).ToArray();

        Intervention[] arms = [.. UnitSets.Select((units, arm) =>
            new Intervention($"blocks.{layer}.mlp.out", UnitSet.Of(units),
                rows: UnitSet.Of(Enumerable.Range(0, inputs.Rows).Select(row => row * UnitSets.Length + arm))))];
        IReadOnlyList<GeneratedSequence> restarted, again;
        using (var restart = prefill.RestartLast(layer + 1, AblatedStates(prefill.Trace, layer), 5, new ForwardOptions { Interventions = arms }))
            (restarted, again) = (restart.Generate(), restart.Generate());

        for (var arm = 0; arm < UnitSets.Length; arm++)
        {
            var full = model.Generate(inputs, options, new ForwardOptions { Interventions = [Ablation(layer, arm)] }).Sequences;
            for (var row = 0; row < inputs.Rows; row++)
            {
                restarted[row * UnitSets.Length + arm].Ids.Should().Equal(full[row].Ids, "{0}: arm {1}, prompt {2}", name, arm, row);
                again[row * UnitSets.Length + arm].Ids.Should().Equal(full[row].Ids);
            }
        }
        prefill.Generate(options).Sequences.Select(sequence => string.Join(",", sequence.Ids)).Should().Equal(before, "the prefill is as it was");
    }

    static Intervention Ablation(int layer, int arm) => new($"blocks.{layer}.mlp.out", UnitSet.Of(UnitSets[arm]), positions: Positions.Last);

    /// <summary>clean [B,T,D] for every arm, with the last position replaced by last [B·A,D].</summary>
    static Tensor Held(Tensor clean, Tensor last)
    {
        var whole = clean.repeat_interleave(UnitSets.Length, 0).clone();
        whole.select(1, whole.shape[1] - 1).copy_(last);
        return whole;
    }
}
