using TorchSharp;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Cli;

/// <summary>What bfloat16 and float16 do to a checkpoint on this machine: drift against float32, and whether the answer's first token stays.</summary>
static class NumericsReport
{
    /// <summary>An image with structure and without a file: gradients and squares.</summary>
    static RgbImage TestImage()
    {
        const int Side = 336;
        var pixels = new byte[Side * Side * 3];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var square = (x / 42 + y / 42) % 2 == 0;
                (pixels[(y * Side + x) * 3], pixels[(y * Side + x) * 3 + 1], pixels[(y * Side + x) * 3 + 2]) = ((byte)(x * 255 / Side), (byte)(y * 255 / Side),
                    (byte)(square ? 200 : 40));
            }
        return new RgbImage(Side, Side, pixels);
    }

    public static void Print(string path, Device device, TextWriter output)
    {
        var checkpoint = Checkpoint.Open(path);
        using var reference = VisionLanguageModel.Load(checkpoint, ScalarType.Float32, device);
        using var inputs = reference.Processor.Process(reference.Processor.Ask("Is there a dog in the image?", TestImage()));
        output.WriteLine($"\n{checkpoint.Name} on {device}: drift against float32 over one prompt of {inputs.Length} positions");
        output.WriteLine($"{"point",-28}{"bfloat16",24}{"float16",24}");
        output.WriteLine($"{"",-28}{"largest    relative",24}{"largest    relative",24}");
        using var brain = VisionLanguageModel.Load(checkpoint, ScalarType.BFloat16, device);
        using var half = VisionLanguageModel.Load(checkpoint, ScalarType.Float16, device);
        using var off = inference_mode();                      // after the weights: tensors made inside could not be written to by the loader's threads
        foreach (var (b, h) in NumericDrift.Measure(reference, brain, inputs).Zip(NumericDrift.Measure(reference, half, inputs)))
            output.WriteLine(FormattableString.Invariant(
                $"{b.Point,-28}{b.MaxAbsolute,14:0.00000}{b.Relative,10:0.0e+0}{h.MaxAbsolute,14:0.00000}{h.Relative,10:0.0e+0}"));
        output.WriteLine("largest: absolute difference; relative: root mean square of the difference over that of the reference.");
    }
}
