using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Evaluating;
using Vrp.Harness.Intervening;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Vrp.Benchmarks;

/// <summary><c>bench sharing</c>: what one question costs, with every prompt read in full and with a picture's part read once: POPE's questions about stand-in
/// photos. The two sides run in turn, each in a process of its own, whose peak memory is read at its end.</summary>
static class SharingCommand
{
    static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    /// <summary>What one process measured; seconds and counts are per question.</summary>
    sealed record Side(int Questions, double Greedy, double Trace, double TraceOverGreedy, double Samples, double Positions, double Unshared, double Padding,
        double? Interventions, double? Prefills, double? Encodings, double? ArmsInPrefills, long Peak);

    public static Command Build()
    {
        var checkpoint = new Argument<string>("CHECKPOINT");
        var questions = new Option<int>("--questions") { Description = "Questions, six about each picture.", DefaultValueFactory = _ => 48 };
        var block = new Option<int>("--block")
        {
            Description = "Questions per block of the trace; the interventions take half.",
            DefaultValueFactory = _ => 24,
        };
        var tokens = new Option<int>("--max-new-tokens")
        {
            Description = "Tokens of an answer at most. Random weights never end one by themselves.",
            DefaultValueFactory = _ => 4,
        };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 1 };
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
        var dtype = new Option<string?>("--dtype") { Description = "float32, bfloat16 or float16; default: the device's." };
        var traceOnly = new Option<bool>("--trace-only") { Description = "Leave the interventions out, which take ten times as long as the trace." };
        var only = new Option<string?>("--only") { Description = "shared or plain: measure this side in this process and print it as JSON.", Hidden = true };
        var command = new Command("sharing", "Seconds and positions per question, with and without a picture's part of the prompts read once. "
            + "Example: ./vrp bench sharing artifacts/bench-checkpoint --questions 48")
            { checkpoint, questions, block, tokens, threads, rounds, device, dtype, traceOnly, only };
        command.SetAction(r =>
        {
            var path = r.GetValue(checkpoint)!;
            var size = (Questions: r.GetValue(questions), Block: r.GetValue(block), Tokens: r.GetValue(tokens));
            var arms = !r.GetValue(traceOnly);
            if (r.GetValue(only) is { } side)
            {
                var (on, type) = (r.GetValue(device)!, r.GetValue(dtype));
                using var subject = Subject.Load(path, on, type, r.GetValue(threads), Console.Error.WriteLine);
                Console.WriteLine(JsonSerializer.Serialize(Measure(subject, side == "shared", size.Questions, size.Block, size.Tokens, arms), Names));
                return 0;
            }
            string[] common = ["sharing", path, "--questions", $"{size.Questions}", "--block", $"{size.Block}", "--max-new-tokens", $"{size.Tokens}",
                "--threads", $"{r.GetValue(threads)}", "--device", r.GetValue(device)!, .. r.GetValue(dtype) is { } named ? (string[])["--dtype", named] : [],
                .. arms ? [] : (string[])["--trace-only"]];
            Console.WriteLine($"{path}, {size.Questions} questions, blocks of {size.Block}, {r.GetValue(threads)} threads, {r.GetValue(device)} "
                + $"{r.GetValue(dtype) ?? "default dtype"}; per question");
            for (var round = 0; round < r.GetValue(rounds); round++) Compare(ChildProcess.Measure<Side>([.. common, "--only", "plain"], Names),
                ChildProcess.Measure<Side>([.. common, "--only", "shared"], Names));
            Flops(path);
            return 0;
        });
        return command;
    }

    static Side Measure(Subject subject, bool sharing, int questions, int block, int tokens, bool withArms)
    {
        var model = subject.Models[0];
        var folder = Directory.CreateTempSubdirectory("vrp-bench-");
        try
        {
            StandInsCommand.LinkImages(folder.FullName);
            var dataset = DatasetReader.Open(StandInsCommand.Questions, new DatasetOptions { Images = folder.FullName, CheckImages = false });
            dataset = dataset with { Questions = [.. dataset.Questions.Take(questions)] };
            var evaluation = new Evaluation(model, AnswerScorer.For(dataset), block, tokens, sharing);
            evaluation.Run(dataset with { Questions = [.. dataset.Questions.Take(6)] }).Count();         // warm
            var clock = Stopwatch.StartNew();
            evaluation.Run(dataset).Count();
            var greedy = clock.Elapsed.TotalSeconds / questions;

            var options = new TraceOptions { BlockSize = block, MaxNewTokens = tokens, PrefixSharing = sharing };
            var traced = TraceStage.Run(subject.Models, subject.Checkpoint, dataset, folder.FullName, options);
            var trace = TraceReader.Open(traced.Folder, dataset);
            var arms = !withArms ? null : InterventionStage.Run(subject.Models, subject.Checkpoint, dataset, trace, Plan(trace, model.Layers), folder.FullName,
                new InterventionOptions { BlockSize = block / 2, MaxNewTokens = tokens, PrefixSharing = sharing });
            var (passes, changed) = (traced.Summary.Passes, arms?.Summary.Passes);
            double n = questions;
            return new Side(questions, greedy, traced.Summary.Seconds / n, traced.CostOverGreedy ?? 0, traced.Seconds.GetValueOrDefault("samples") / n,
                passes.PromptPositions / n, passes.UnsharedPositions / n, passes.PaddedPositions / (double)passes.PromptPositions, arms?.Summary.Seconds / n,
                changed?.Prompts / n, changed?.Images / n, arms?.PrefillsPerQuestion, MemoryCommand.PeakResidentBytes());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Every kind of arm: the masks of the full budget, 60 ablations at the last position of three layers, two at all positions.</summary>
    static InterventionPlan Plan(TraceSet trace, int layers)
    {
        InterventionArm Mask(MaskedPatches patches, int draw = 0) => new() { Part = InterventionPart.Masking, Patches = patches, Draw = draw };
        InterventionArm Ablate(int layer, Positions positions, int draw) => new()
        {
            Part = InterventionPart.Ablation,
            Layer = layer,
            Positions = positions,
            Selection = UnitSelection.Random,
            Draw = draw,
            Units = [.. new Random(draw).GetItems([.. Enumerable.Range(0, trace.Facts.Hidden)], 5).Distinct().Order()],
        };
        return new InterventionPlan
        {
            TraceKey = trace.Facts.Key,
            Arms =
            [
                Mask(MaskedPatches.High), Mask(MaskedPatches.Low), .. Enumerable.Range(0, 5).Select(draw => Mask(MaskedPatches.Random, draw)),
                .. ((int[])[layers / 3, layers * 2 / 3, layers - 1]).SelectMany(layer =>
                    Enumerable.Range(0, 20).Select(draw => Ablate(layer, Positions.Last, draw))),
                .. Enumerable.Range(0, 2).Select(draw => Ablate(layers * 2 / 3, Positions.All, draw)),
            ],
        };
    }

    static void Compare(Side plain, Side shared)
    {
        void Row(string what, double? plainSide, double? sharedSide, string format, string note = "")
        {
            if (plainSide is not { } a || sharedSide is not { } b) return;
            string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34}{Text(a),10}{Text(b),10}{a / b,9:0.00} ×   {note}"));
        }
        Console.WriteLine($"{"",-34}{"in full",10}{"shared",10}{"ratio",11}");
        Row("prompt positions of the trace", plain.Positions, shared.Positions, "0.0",
            FormattableString.Invariant($"{shared.Padding:0.0%} of the shared ones padding"));
        Row("greedy answer, s", plain.Greedy, shared.Greedy, "0.000");
        Row("trace, s", plain.Trace, shared.Trace, "0.000",
            FormattableString.Invariant($"{shared.Trace / plain.Greedy:0.00} × a greedy answer read in full (wanted: at most 1.5)"));
        Row("  of it K = 10 answers, s", plain.Samples, shared.Samples, "0.000");
        Row("interventions (70 arms), s", plain.Interventions, shared.Interventions, "0.000");
        Row("  prompts from the first token", plain.Prefills, shared.Prefills, "0.00", "wanted: at most 3");
        Row("  images encoded", plain.Encodings, shared.Encodings, "0.00");
        Row("  in prompts read in full", plain.ArmsInPrefills, shared.ArmsInPrefills, "0.00");
        Row("peak resident memory, MB", plain.Peak / 1e6, shared.Peak / 1e6, "0");
    }

    /// <summary>Two operations per weight and position of the language model's matrices, attention's products and the vision tower left out.</summary>
    static void Flops(string path)
    {
        bool InBlocks(string name) => name.Contains("layers.", StringComparison.Ordinal) && !name.Contains("vision", StringComparison.Ordinal)
            && !name.Contains("visual", StringComparison.Ordinal);
        var weights = Checkpoint.Open(path).Tensors.Where(tensor => InBlocks(tensor.Key) && tensor.Value.Shape.Length > 1)
            .Sum(tensor => tensor.Value.Shape.Aggregate(1L, (a, b) => a * b));
        const double Position = 13e9 / (0.4 * 989e12);
        Console.WriteLine(FormattableString.Invariant($"{weights / 1e6:0} million weights in the blocks: {2 * weights / 1e9:0.00} GFLOP a position."));
        Console.WriteLine(FormattableString.Invariant($"A 7B model (6.5 billion there) on an H100 at 40 % of 989 TFLOP/s: {Position * 1e6:0} µs a position, ")
            + FormattableString.Invariant($"so 620 positions {620 * Position * 1e3:0.0} ms and 140 positions {140 * Position * 1e3:0.0} ms a question."));
    }
}
