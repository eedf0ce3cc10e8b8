using System.CommandLine;
using TorchSharp;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Cli;

/// <summary><c>vrp inspect pixels</c>: what an image is after decoding, after resizing and as pixel_values.</summary>
static class InspectPixelsCommand
{
    public static Command Build()
    {
        var processor = new Argument<string>("PREPROCESSOR_JSON|CHECKPOINT") { Description = "A preprocessor_config.json, or a folder that holds one." };
        var images = new Argument<string[]>("IMAGE") { Description = "Image files (PNG, JPEG, WebP, GIF, BMP).", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Safetensors file: FILE.decoded uint8 [h,w,3], FILE.resized uint8 and FILE.pixel_values "
            + "float32 (one shape), FILE.image_grid_thw int64 [1,3] (Qwen2-VL).", Required = true };
        var exif = new ExifOption();
        var command = new VrpCommand("pixels", "Decode and process images as a checkpoint's image processor does.",
                "vrp inspect pixels fixtures/goldens/models/llava-tiny fixtures/goldens/images/rocket.jpg --out rocket.safetensors",
                "vrp inspect pixels preprocessor_config.json a.png b.png --out both.safetensors") { processor, images, output, exif.Option };
        command.SetAction(r => Run(r.GetValue(processor)!, r.GetValue(images)!, r.GetValue(output)!, exif.Read(r), r.InvocationConfiguration.Output));
        return command;
    }

    static int Run(string configuration, string[] images, string output, ExifRule exif, TextWriter console)
    {
        var processor = ImageProcessor.Load(configuration);
        using var scope = NewDisposeScope();
        var tensors = new List<(string, Tensor)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in images)
        {
            var name = Path.GetFileName(path);
            if (!names.Add(name)) throw new VrpException($"two images are named {name}: their tensors would have the same names. Give them in two calls.");
            var image = ImageFile.Read(path, exif);
            var processed = processor.Process([image]);
            tensors.Add(($"{name}.decoded", tensor(image.Pixels, [image.Height, image.Width, 3])));
            tensors.Add(($"{name}.resized", tensor(processed.Resized, processed.Shape)));
            tensors.Add(($"{name}.pixel_values", tensor(processed.PixelValues, processed.Shape)));
            if (processed.ImageGridThw is { } grid) tensors.Add(($"{name}.image_grid_thw", tensor(grid, [1, 3])));
            console.WriteLine($"{path}: {image.Width}x{image.Height} → pixel_values [{string.Join(", ", processed.Shape)}]");
        }
        Safetensors.Write(output, tensors);
        return ExitCode.Success;
    }
}
