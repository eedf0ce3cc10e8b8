using SkiaSharp;
using Vrp.Models.Tests.Checkpoints.Hub;

// Serves the fixture checkpoints as the three that vrp.pope.json names, and images of the fixture world under the names of COCO's that POPE asks about,
// until its standard input ends.
// It prints its address. Every request for a checkpoint needs the token, as the gated one of the three does on the real hub.
if (args is not [var root, var token])
{
    Console.Error.WriteLine("usage: Vrp.StandInHub REPOSITORY TOKEN");
    return 64;
}

(string Name, string Fixture)[] checkpoints = [("llava-hf/llava-1.5-7b-hf", "llava"), ("google/paligemma-3b-mix-224", "paligemma"),
    ("Qwen/Qwen2-VL-7B-Instruct", "qwen2_vl")];
await using var hub = await FakeHub.Start();
hub.Token = token;
foreach (var (name, fixture) in checkpoints)
    foreach (var path in Directory.GetFiles(Path.Combine(root, "fixtures", "checkpoints", fixture)))
        hub.Add(name, Path.GetFileName(path), File.ReadAllBytes(path), large: path.EndsWith(".safetensors", StringComparison.Ordinal));

string[] images = [.. Directory.GetFiles(Path.Combine(root, "fixtures", "world", "images"), "*.png").Order(StringComparer.Ordinal)];
foreach (var (name, i) in File.ReadLines(Path.Combine(root, "fixtures", "pope", "images.txt")).Where(name => name.Length > 0).Select((name, i) => (name, i)))
    hub.Plain[$"/val2014/{name}"] = Jpeg(images[i % images.Length]);

Console.WriteLine(hub.Endpoint);
await Console.In.ReadToEndAsync();
return 0;

static byte[] Jpeg(string png)
{
    using var bitmap = SKBitmap.Decode(png);
    using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
    return data.ToArray();
}
