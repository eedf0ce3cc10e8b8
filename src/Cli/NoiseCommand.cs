using System.CommandLine;
using Vrp.Harness.Configuration;
using Vrp.Harness.Noise;
using Vrp.Harness.Running;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Cli;

/// <summary><c>vrp noise</c>: how far the figures of snapshots move when nothing but numerics changes, and the floors that follow.</summary>
static class NoiseCommand
{
    public static Command Build()
    {
        var options = new ConfigOptions();
        var output = new Option<string>("--out")
        {
            Description = "Folder of the run folders; an interrupted measurement goes on there.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "noise"),
        };
        var only = new Option<string[]>("--only") { Description = "Only these variations besides the first, by name.", AllowMultipleArgumentsPerToken = true };
        var page = new Option<string?>("--page") { Description = "Also write the table to this file (docs/noise.md)." };
        var tolerances = new Option<string?>("--tolerances")
            { Description = "Also write the floors of this profile to this file; its share and the floors of other profiles stay." };
        var judge = new Option<bool>(NoiseRun.JudgeOnly)
            { Description = "Judge the subjects and nothing else: what the process of each variation is started with.", Hidden = true };
        var command = new VrpCommand("noise",
            "Measure the noise floor: the subjects of vrp.json with other threads, batch sizes and CPU kernels. Gives the floors that snapshots are held to.",
            "vrp noise",
            "vrp noise --only \"SSE throughout\" --limit 60 --budget quick",
            "vrp noise --page docs/noise.md --tolerances specs/tolerances.json");
        command.AddAll(options.All);
        command.AddAll(output, only, page, tolerances, judge);
        command.SetAction(r =>
        {
            var (console, error) = (r.InvocationConfiguration.Output, r.InvocationConfiguration.Error);
            var config = options.Read(r);
            if (r.GetValue(judge))
            {
                using var lines = new StageLines(error);
                var failed = options.Session(r, config, lines).JudgeAll().FirstOrDefault(subject => subject.Failure is not null);
                return failed is null ? ExitCode.Success : throw new VrpException($"{failed.Subject.Name}: {failed.Failure}");
            }

            string[] profiles = [.. config.Subjects.Select(subject => SnapshotProfile.Of(subject.Device, subject.Dtype ?? "float32")).Distinct()];
            if (profiles.Length > 1)
                throw new VrpException($"the subjects are of {profiles.Length} numerics profiles ({string.Join(", ", profiles)}); "
                    + "floors are measured for one at a time: choose with --subject, or --device and --dtype.");
            var (block, threads) = (config.Subjects[0].Block ?? new TraceOptions().BlockSize, options.Threads(r));
            var onCpu = ComputePlace.Device(config.Subjects[0].Device).type == TorchSharp.DeviceType.CPU;
            var variations = Chosen(NoiseVariation.All(onCpu, block, threads), r.GetValue(only));
            // Read first: a damaged file is found before the hour of studies, not after it.
            var older = r.GetValue(tolerances) is { } file && File.Exists(file) ? SnapshotTolerances.Read(file) : SnapshotTolerances.Default;

            var shared = new Dictionary<string, string>(options.Overrides(r).Variables)
            {
                ["VRP_CONFIG"] = config.FilePath(),
                ["VRP_THREADS"] = $"{threads}",
            };
            var runs = new NoiseRun(shared, r.GetValue(output)!);
            string Folder(SubjectConfig subject) =>
                Path.GetFileName(ConfiguredStudy.Request(config, subject, ConfiguredStudy.Open(config, config.DataOf(subject))).Folder);
            string[] folders = [.. config.Subjects.Select(Folder)];
            var subjects = runs.Run(folders, variations, NoiseVariation.Instructions, error.WriteLine);
            var table = NoiseTable.Merge([.. subjects.Select(NoiseTable.Of)]);
            var text = NoisePage.Render(table, new(
                $"vrp {string.Join(' ', r.Tokens.Select(token => token.Value.Contains(' ') ? $"\"{token.Value}\"" : token.Value))}",
                $"{MachineFacts.Processor}, {Environment.ProcessorCount} cores, {MachineFacts.InstructionSet}, libtorch {__version__} "
                    + $"({(onCpu ? EngineLibrary.CpuCapability() : "GPU")})",
                string.Join("; ", subjects.Select(subject => subject[0].Study).DistinctBy(study => study.Data)
                    .Select(study => $"{study.Questions.Count:N0} questions about {study.Questions.Select(question => question.Group).Distinct().Count()} "
                        + "images "
                        + $"({study.Data}), budget {config.Budget}")),
                profiles[0], $"{threads} threads, blocks of {block}, what the libraries choose", older.Share, runs.LeftOut));
            console.Write(text);
            if (r.GetValue(page) is { } path) SnapshotText.Write(path, text);
            if (r.GetValue(tolerances) is { } target) older.With(profiles[0], table.Floors).Write(target);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The first and those named.</summary>
    internal static IReadOnlyList<NoiseVariation> Chosen(IReadOnlyList<NoiseVariation> variations, string[]? only)
    {
        if (only is null or []) return variations;
        foreach (var name in only)
            if (variations.Skip(1).All(variation => variation.Name != name))
                throw new VrpException($"--only \"{name}\": expected names among "
                    + $"{string.Join(", ", variations.Skip(1).Select(variation => $"\"{variation.Name}\""))}.");
        return [variations[0], .. variations.Skip(1).Where(variation => only.Contains(variation.Name))];
    }
}
