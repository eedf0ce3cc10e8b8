using System.CommandLine;
using TorchSharp;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Cli;

/// <summary><c>vrp inspect forward</c>: every tensor of one forward pass under the names of fixtures/goldens, float32 whatever the model computes in.</summary>
static class InspectForwardCommand
{
    /// <summary>Logits are kept for the first steps of an answer only: a vocabulary of 150,000 makes 0.6 MB a step.</summary>
    const int KeptSteps = 3;

    public static Command Build()
    {
        var model = new ModelOptions();
        var images = new Option<string[]>("--image") { Description = "An image file (PNG, JPEG, WebP, GIF, BMP); may be repeated." };
        var question = new Option<string?>("--question") { Description = "A question; it is put into the family's chat format." };
        var prompt = new Option<string?>("--prompt") { Description = "A whole prompt in place of --question, with one image token per image, as the "
            + "checkpoint's chat template makes it." };
        var generate = new Option<int>("--generate") { Description = "Also generate N tokens greedily (end tokens are ignored): generated_ids, and "
            + "generated_logits of the first three." };
        var interventions = new Option<string[]>("--intervene") { Description = "POINT:UNITS=VALUE[@last], e.g. blocks.2.mlp.out:3,17,40=0 (docs/hooks.md); "
            + "may be repeated." };
        var captures = new Option<string[]>("--capture") { Description = "Dump these hook points alone, e.g. \"blocks.*.resid_post@last\"; may be repeated. "
            + "Default: everything that the goldens hold." };
        var output = new Option<string>("--out") { Description = "Safetensors file.", Required = true };
        var command = new VrpCommand("forward", "Dump the tensors of one forward pass.",
                "vrp inspect forward checkpoint/ --image photo.jpg --question \"Is there a dog in the image?\" --out dump.safetensors",
                "vrp inspect forward checkpoint/ --image a.png --image b.png --question \"What differs?\" --generate 10 --out dump.safetensors",
                "vrp inspect forward checkpoint/ --image photo.jpg --question \"What is this?\" --intervene \"blocks.2.mlp.out:3,17,40=0@last\" --out "
                    + "ablated.safetensors");
        model.AddTo(command);
        command.AddAll(images, question, prompt, generate, interventions, captures, output);
        command.SetAction(r =>
        {
            if ((r.GetValue(question) is null) == (r.GetValue(prompt) is null)) throw new VrpException("give either --question or --prompt.");
            if (r.GetValue(generate) < 0) throw new VrpException($"--generate {r.GetValue(generate)}: expected a number of tokens.");
            // The text forms are read before the weights: a typing error should not cost a load.
            Intervention[] changes = [.. (r.GetValue(interventions) ?? []).Select(Intervention.Parse)];
            Capture[] wanted = [.. (r.GetValue(captures) ?? []).Select(Capture.Parse)];
            using var loaded = model.Load(r);
            var dump = new ForwardDump(loaded, changes, wanted, r.GetValue(generate), KeptSteps);
            var tensors = dump.Run(r.GetValue(question), r.GetValue(prompt), r.GetValue(images) ?? []);
            Safetensors.Write(r.GetValue(output)!, tensors);
            r.InvocationConfiguration.Output.WriteLine($"{r.GetValue(output)}: {tensors.Count} tensors");
            return ExitCode.Success;
        });
        return command;
    }
}
