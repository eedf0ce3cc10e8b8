using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Vrp.Benchmarks;

/// <summary><c>bench growth</c>: whether a question costs more when there are more of them: seconds and peak memory of a study at several sizes, each in a
/// process of its own.</summary>
static class GrowthCommand
{
    static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    /// <summary>Of one size. Seconds are of whole stages, bytes of the whole process at its peak.</summary>
    sealed record Size(int Questions, double Trace, double Interventions, double Judging, double Positions, long Peak);

    public static Command Build()
    {
        var checkpoint = new Argument<string>("CHECKPOINT");
        var sizes = new Option<string>("--sizes") { Description = "Numbers of questions, ascending.", DefaultValueFactory = _ => "1000,3000,12000" };
        var standIns = new Option<bool>("--stand-ins")
        {
            Description = "POPE's official questions about stand-in photos, for a checkpoint of real size, traced alone. "
                + "Default: the fixture world's questions, traced, intervened on (budget quick) and judged.",
        };
        var block = new Option<int>("--block") { Description = "Questions per block of the trace.", DefaultValueFactory = _ => new TraceOptions().BlockSize };
        var tokens = new Option<int>("--max-new-tokens") { Description = "Tokens of an answer at most.", DefaultValueFactory = _ => 32 };
        var only = new Option<int?>("--only") { Description = "Measure this size in this process and print it as JSON.", Hidden = true };
        var command = new Command("growth", "Seconds and memory of a study at several sizes. "
            + "Example: ./vrp bench growth fixtures/checkpoints/llava --sizes 1000,3000,12000") { checkpoint, sizes, standIns, block, tokens, only };
        command.SetAction(r =>
        {
            var (path, real, blockSize, longest) = (r.GetValue(checkpoint)!, r.GetValue(standIns), r.GetValue(block), r.GetValue(tokens));
            if (r.GetValue(only) is { } size)
            {
                Console.WriteLine(JsonSerializer.Serialize(Measure(path, size, real, blockSize, longest), Names));
                return 0;
            }
            Console.WriteLine($"{path}, {(real ? "POPE's questions on stand-in photos, trace alone" : "the world's questions, budget quick")}");
            Console.WriteLine($"{"questions",10}{"trace, ms a question",24}{"interventions, s",20}{"judging, ms a question",26}"
                + $"{"positions",12}{"peak, MB",12}");
            foreach (var count in r.GetValue(sizes)!.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
            {
                string[] arguments = ["growth", path, "--only", $"{count}", "--block", $"{blockSize}", "--max-new-tokens", $"{longest}",
                    .. real ? (string[])["--stand-ins"] : []];
                var one = ChildProcess.Measure<Size>(arguments, Names);
                Console.WriteLine(FormattableString.Invariant($"{one.Questions,10}{1000 * one.Trace / one.Questions,24:0.00}{one.Interventions,20:0.0}")
                    + FormattableString.Invariant($"{1000 * one.Judging / one.Questions,26:0.00}{one.Positions,12:0.0}{one.Peak / 1e6,12:0}"));
            }
            return 0;
        });
        return command;
    }

    static Size Measure(string checkpoint, int questions, bool standIns, int block, int tokens)
    {
        var folder = Directory.CreateTempSubdirectory("vrp-bench-");
        try
        {
            var dataset = standIns ? StandIns(folder.FullName) : World(folder.FullName);
            if (dataset.Questions.Count < questions) throw new ArgumentException($"There are {dataset.Questions.Count} questions; {questions} were wanted.");
            dataset = dataset with { Questions = [.. dataset.Questions.Take(questions)] };
            using var subject = Subject.Load(checkpoint, "cpu", null, null, Console.Error.WriteLine);
            var request = new StudyRequest(null, dataset, Path.Combine(folder.FullName, "run"))
            {
                Trace = new TraceOptions { BlockSize = block, MaxNewTokens = tokens },
                Budget = standIns ? null : InterventionBudget.Quick,
            };
            var clock = Stopwatch.StartNew();
            var prepared = StudyPipeline.Prepare(request, subject);
            var stages = prepared.Traced.Summary.Seconds + (prepared.Intervened?.Summary.Seconds ?? 0);
            var judging = standIns ? 0 : StudyPipeline.Judge(prepared).JudgingSeconds;
            Console.Error.WriteLine(FormattableString.Invariant($"{questions} questions: {clock.Elapsed.TotalSeconds:0} s, stages {stages:0} s"));
            return new Size(questions, prepared.Traced.Summary.Seconds, prepared.Intervened?.Summary.Seconds ?? 0, judging,
                prepared.Traced.Summary.Passes.PromptPositions / (double)questions, MemoryCommand.PeakResidentBytes());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static Dataset StandIns(string folder)
    {
        StandInsCommand.LinkImages(folder);
        return DatasetReader.Open(StandInsCommand.Questions, new DatasetOptions { Images = folder, CheckImages = false });
    }

    /// <summary>The study's questions and the identification questions, as vrp.json asks them, image by image, and all of them again under other names until
    /// there are enough.</summary>
    static Dataset World(string folder)
    {
        var world = Path.Combine(RepositoryRoot.Find(), "fixtures", "world");
        string[] files = ["study.jsonl", "identify.jsonl"];
        JsonObject[] rows = [.. files.SelectMany(file => File.ReadLines(Path.Combine(world, file))).Select(line => JsonNode.Parse(line)!.AsObject())];
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        var path = Path.Combine(folder, "questions.jsonl");
        using (var output = new StreamWriter(path))
            foreach (var copy in (string[])["", "second-", "third-"])
                foreach (var image in rows.GroupBy(row => row["image"]!.GetValue<string>()))
                {
                    File.CreateSymbolicLink(Path.Combine(images, copy + image.Key), Path.Combine(world, "images", image.Key));
                    foreach (var row in image)
                    {
                        var own = row.DeepClone().AsObject();
                        foreach (var name in (string[])["id", "image", "group"]) own[name] = copy + own[name]!.GetValue<string>();
                        output.WriteLine(own.ToJsonString());
                    }
                }
        File.Copy(Path.Combine(world, "aliases.json"), Path.Combine(folder, "aliases.json"));
        return DatasetReader.Open(path, new DatasetOptions { Images = images, CheckImages = false });
    }
}
