using System.CommandLine;

namespace Vrp.Cli;

/// <summary><c>vrp inspect</c>: what tokenizers, image processors and models compute, written to files that other tools read.</summary>
static class InspectCommand
{
    public static Command Build() => new VrpCommand("inspect", "Look inside: token ids, pixels, any tensor of a forward pass.",
                "vrp inspect tokens checkpoint/ --input texts.jsonl --output ids.jsonl",
                "vrp inspect pixels checkpoint/ photo.jpg --out pixels.safetensors",
                "vrp inspect forward checkpoint/ --image photo.jpg --question \"Is there a dog?\" --intervene \"blocks.2.mlp.out:3,17=0\" --out "
                    + "dump.safetensors")
    {
        InspectTokensCommand.Build(), InspectPixelsCommand.Build(), InspectForwardCommand.Build(),
    };
}
