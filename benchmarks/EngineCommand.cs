using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using static TorchSharp.torch;

namespace Vrp.Benchmarks;

/// <summary><c>bench engine</c>: load, prefill, decode and K samples of one checkpoint, each against what the machine or its libtorch needs at least. The two
/// sides of a ratio are timed in turn.</summary>
static class EngineCommand
{
    const int Rounds = 5;

    public static Command Build()
    {
        var checkpoint = new Argument<string>("CHECKPOINT");
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("engine", "Load, prefill, decode, K samples, as ratios. Example: ./vrp bench engine artifacts/bench-checkpoint") { checkpoint,
            threads };
        command.SetAction(r => Run(r.GetValue(checkpoint)!, r.GetValue(threads)));
        return command;
    }

    static int Run(string path, int threads)
    {
        set_num_threads(threads);
        using var off = inference_mode();
        Console.WriteLine($"{path}, {threads} threads, libtorch {__version__}, median of {Rounds} rounds");
        Load(path);
        Memory(path);
        using var model = VisionLanguageModel.Load(path);
        using var inputs = Question(model);
        Prefill(model, inputs);
        Decode(model, inputs);
        Samples(model, inputs);
        return 0;
    }

    static void Load(string path)
    {
        var checkpoint = Checkpoint.Open(path);
        var shapes = VisionLanguageConfig.FromJson(checkpoint.Config, path).ExpectedTensors();
        var files = Directory.GetFiles(checkpoint.Folder, "*.safetensors");
        var buffer = new byte[8 << 20];
        var (load, read) = InTurn(
            () => { using var weights = checkpoint.LoadWeights(shapes); },
            () =>
            {
                foreach (var file in files)
                {
                    using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
                    while (stream.Read(buffer) > 0) { }
                }
            });
        Print("load", load, "reading the same bytes (page cache warm)", read, load / read, "<= 1.2");
    }

    static void Memory(string path)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["memory", path]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var peak = long.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        process.WaitForExit();
        var weights = Checkpoint.Open(path).Tensors.Values.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b)) * 4;
        var allowed = 1.05 * weights + 250e6;
        var limit = FormattableString.Invariant($"allowed 1.05 x weights + 250 MB = {allowed / 1e6:0} MB   ratio {peak / allowed:0.00} (<= 1)");
        Console.WriteLine(FormattableString.Invariant($"peak RSS     {peak / 1e6,9:0} MB   weights {weights / 1e6:0} MB (float32), {limit}"));
    }

    static ModelInputs Question(VisionLanguageModel model)
    {
        var image = new RgbImage(640, 480, [.. Enumerable.Range(0, 640 * 480 * 3).Select(i => (byte)(i * 31 % 251))]);
        return model.Processor.Process(model.Processor.Ask("Is there a dog in the image?", image));
    }

    static void Prefill(VisionLanguageModel model, ModelInputs inputs)
    {
        var shapes = Products(model, inputs);
        var operands = shapes.Keys.ToDictionary(s => s, s => (randn(s.Rows, s.In), randn(s.Out, s.In)));
        var (prefill, products) = InTurn(
            () => { using var p = model.Prefill(inputs, 1, new ForwardOptions { Logits = Positions.Last }); },
            () =>
            {
                foreach (var (shape, count) in shapes)
                    for (var i = 0; i < count; i++) nn.functional.linear(operands[shape].Item1, operands[shape].Item2).Dispose();
            });
        Print($"prefill {inputs.Length}", prefill, "its matrix products alone, by the same libtorch", products, products / prefill, ">= 0.70");
    }

    /// <summary>Every linear layer of one forward as (rows, in, out) with how often it comes.</summary>
    static Dictionary<(long Rows, long In, long Out), int> Products(VisionLanguageModel model, ModelInputs inputs)
    {
        var products = new Dictionary<(long, long, long), int>();
        foreach (var (name, tensor) in model.Weights.All)
        {
            if (tensor.dim() < 2 || name.Contains("embed_tokens", StringComparison.Ordinal)
                || name.Contains("position_embedding", StringComparison.Ordinal)) continue;
            var vision = name.Contains("vision", StringComparison.Ordinal) || name.Contains("visual", StringComparison.Ordinal);
            // LLaVA takes features from the second last vision block: the last one is not run.
            if (name.Contains($"vision_model.encoder.layers.{LastVisionBlock(model)}.", StringComparison.Ordinal)) continue;
            long rows = name.Contains("lm_head", StringComparison.Ordinal) ? 1
                : vision || name.Contains("projector", StringComparison.Ordinal) ? inputs.PositionsOf(0, model.ImageTokenId).Length : inputs.Length;
            var key = (rows, tensor.numel() / tensor.shape[0], tensor.shape[0]);
            products[key] = products.GetValueOrDefault(key) + 1;
        }
        return products;
    }

    static int LastVisionBlock(VisionLanguageModel model) => model.Config is Models.Llava.LlavaConfig llava ? llava.VisionConfig.NumHiddenLayers - 1 : -1;

    static void Decode(VisionLanguageModel model, ModelInputs inputs)
    {
        const int Tokens = 32;
        bool IsRead(string name) => (name.Contains("language_model", StringComparison.Ordinal) || name.StartsWith("model.", StringComparison.Ordinal))
            && !name.Contains("embed_tokens", StringComparison.Ordinal);
        Tensor[] read = [.. model.Weights.All.Where(w => IsRead(w.Key)).Select(w => w.Value)];
        using var prefill = model.Prefill(inputs, Tokens + 1, new ForwardOptions { Logits = Positions.Last });
        var (decode, stream) = InTurn(
            () => prefill.Generate(new GenerationOptions { MaxNewTokens = Tokens + 1, IgnoreEndTokens = true }).Dispose(),
            () =>
            {
                for (var i = 0; i < 4; i++)
                    foreach (var weight in read) weight.sum().Dispose();
            });
        Print("decode/token", decode / Tokens, "streaming the language model's weights once (sum)", stream / 4, stream / 4 / (decode / Tokens), ">= 0.70");
    }

    static void Samples(VisionLanguageModel model, ModelInputs inputs)
    {
        var (ten, one) = InTurn(
            () =>
            {
                using var p = model.Prefill(inputs, 1, new ForwardOptions { Logits = Positions.Last });
                p.Generate(new GenerationOptions { MaxNewTokens = 1 }).Dispose();
                p.Generate(new GenerationOptions { MaxNewTokens = 1, Samples = 10, Sampling = new Sampling(0.7, 0, 0.9, 0) }).Dispose();
            },
            () => model.Generate(inputs, new GenerationOptions { MaxNewTokens = 1 }, new ForwardOptions { Logits = Positions.Last }).Dispose());
        Print("greedy + K=10", ten, "one greedy answer", one, ten / one, "<= 1.15");
    }

    /// <summary>Median seconds of two actions run in turn, after one uncounted round.</summary>
    static (double A, double B) InTurn(Action a, Action b)
    {
        var (first, second) = (new double[Rounds], new double[Rounds]);
        for (var round = -1; round < Rounds; round++)
        {
            var (ta, tb) = (Seconds(a), Seconds(b));
            if (round >= 0) (first[round], second[round]) = (ta, tb);
        }
        return (Median(first), Median(second));
    }

    static double Seconds(Action action)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    static void Print(string what, double seconds, string against, double other, double ratio, string wanted) =>
        Console.WriteLine(FormattableString.Invariant($"{what,-13}{seconds * 1e3,9:0.0} ms   {against}: {other * 1e3:0.0} ms   ratio {ratio:0.00} ({wanted})"));
}
