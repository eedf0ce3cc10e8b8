using System.CommandLine;
using System.Globalization;
using Vrp.Harness.Monitoring;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary><c>vrp export</c>: what a finished run gives to other programs.</summary>
static class ExportCommand
{
    public static Command Build()
    {
        var command = new VrpCommand("export", "Export what a finished run found for use elsewhere.",
            "vrp export csv runs/llava --out tables/",
            "vrp export monitor run/ --data fixtures/world/study.jsonl --out monitor.json");
        command.Add(ExportTables.Csv());
        command.Add(ExportTables.Parquet());
        command.Add(ExportTables.Evaluation());
        command.Add(Monitor());
        return command;
    }

    static Command Monitor()
    {
        var folder = new Argument<string>("RUN_DIR") { Description = "The folder of a run with its trace." };
        var data = new DataOptions();
        var seed = new Option<ulong>("--seed") { Description = "Seed of the study's split.", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--out") { Description = "The file to write.", Required = true };
        var command = new VrpCommand("monitor",
            "Write the study's linear probe as a small JSON file, with thresholds and calibration, to score answers as they are made (docs/monitor.md).",
            "vrp export monitor run/ --data fixtures/world/study.jsonl --out monitor.json");
        command.AddAll(folder);
        data.AddTo(command);
        command.AddAll(seed, output);
        command.SetAction(r =>
        {
            var run = r.GetValue(folder)!;
            var trace = TraceReader.Open(run, data.Open(r));
            var monitor = MonitorExport.Of(trace, r.GetValue(seed), Hashes(run), out var heldOut);
            ThrowIfOtherScores(run, heldOut);
            AtomicFile.Write(r.GetValue(output)!, stream => stream.Write(monitor.ToJson()));
            var at = monitor.Thresholds.First(threshold => threshold.Coverage == 0.8);
            r.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{r.GetValue(output)}: {monitor.HookPoint}, AUROC {monitor.Auroc.Value:0.000} [{monitor.Auroc.Low:0.000}, {monitor.Auroc.High:0.000}] on "
                    + $"{monitor.ScoredOn} held-out questions; wrong {1 - monitor.Accuracy.Value:0.000} of all, {at.Risk.Value:0.000} [{at.Risk.Low:0.000}, "
                        + $"{at.Risk.High:0.000}] of the surest 80 %"));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The run folder's own files, where it has been analysed.</summary>
    static Dictionary<string, string> Hashes(string run) => new[] { RunFolder.Metrics, RunFolder.Samples }.Where(file => File.Exists(Path.Combine(run, file)))
        .ToDictionary(file => file, file => Sha256Hex.Of(File.ReadAllBytes(Path.Combine(run, file))));

    /// <summary>The exported probe has to be the one that the run's report speaks of.</summary>
    static void ThrowIfOtherScores(string run, IReadOnlyDictionary<string, double> heldOut)
    {
        if (!File.Exists(Path.Combine(run, RunFolder.Samples))) return;
        var reported = RunFolder.Read(run).Questions.Where(question => question.Scores.ContainsKey("probe"))
            .ToDictionary(question => question.Id, question => question.Scores["probe"]);
        if (reported.Count == 0) return;
        var differ = heldOut.Count(pair => !reported.TryGetValue(pair.Key, out var score)
            || Math.Abs(score - pair.Value) > 1e-6 * Math.Max(1, Math.Abs(score)));
        if (differ > 0 || reported.Count != heldOut.Count)
            throw new VrpException($"{run}: {differ} of {heldOut.Count} held-out scores are not those of its {RunFolder.Samples} ({reported.Count} scores): "
                + "it was analysed with another seed or other data. Give the same --data and --seed, or run `vrp analyze` again.");
    }
}
