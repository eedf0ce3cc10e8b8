using System.CommandLine;
using System.Globalization;
using Vrp.Harness.Running;
using Vrp.Harness.Noise;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Tracing;
using Vrp.Models;
using static TorchSharp.torch;

namespace Vrp.Harness.Cli;

/// <summary><c>vrp noise</c>: how far a study's figures move when nothing but numerics changes, and the tolerances that follow for snapshots.</summary>
static class NoiseCommand
{
    public static Command Build()
    {
        var checkpoints = new Argument<string[]>("CHECKPOINT") { Description = "The subjects, as `vrp study` takes them.", Arity = ArgumentArity.OneOrMore };
        var data = new Option<string[]>("--data") { Description = "The question set.", Required = true };
        var images = new Option<string?>("--images") { Description = "Folder of its pictures." };
        var limit = new Option<int>("--limit") { Description = "Only the first N pictures.", DefaultValueFactory = _ => 60 };
        var budget = new Option<string>("--budget") { Description = "Of the interventions: quick or full.", DefaultValueFactory = _ => "quick" };
        var device = new Option<string>("--device") { Description = "cpu or cuda[:N]. On a GPU only the batch's size varies.", DefaultValueFactory = _ => "cpu" };
        var dtype = new Option<string>("--dtype") { Description = "float32, bfloat16 or float16; with the device it names the profile.", DefaultValueFactory = _ => "float32" };
        var output = new Option<string>("--out") { Description = "Folder of the run folders.", Required = true };
        var only = new Option<string[]>("--only") { Description = "Only these variations besides the first, by name.", AllowMultipleArgumentsPerToken = true };
        var reuse = new Option<bool>("--reuse") { Description = "Take run folders that are finished as they are." };
        var page = new Option<string?>("--page") { Description = "Also write the table to this file (docs/noise.md)." };
        var tolerances = new Option<string?>("--tolerances") { Description = "Also write the suggested tolerances of this profile to this file; those of other profiles stay." };
        var command = new VrpCommand("noise", "Measure the noise floor: the same study with other threads, batch sizes and CPU instruction sets. Suggests the tolerances that snapshots state.",
            "vrp noise fixtures/checkpoints/llava --data fixtures/world/study.jsonl --out noise/",
            "vrp noise fixtures/checkpoints/llava fixtures/checkpoints/paligemma fixtures/checkpoints/qwen2_vl --data fixtures/world/study.jsonl --out noise/ --page docs/noise.md --tolerances specs/tolerances.json");
        command.AddAll(checkpoints, data, images, limit, budget, device, dtype, output, only, reuse, page, tolerances);
        command.SetAction(r =>
        {
            var (console, error) = (r.InvocationConfiguration.Output, r.InvocationConfiguration.Error);
            string where = r.GetValue(device)!, type = r.GetValue(dtype)!;
            var onCpu = ComputePlace.Device(where).type == TorchSharp.DeviceType.CPU;
            var profile = SnapshotProfile.Of(where, type);
            var variations = Chosen(NoiseVariation.ForThisMachine(onCpu, new TraceOptions().BlockSize, Environment.ProcessorCount), r.GetValue(only));
            List<string> study = [.. r.GetValue(data)!.SelectMany(file => new[] { "--data", file }), "--limit", r.GetValue(limit).ToString(CultureInfo.InvariantCulture), "--budget", r.GetValue(budget)!, "--device", where, "--dtype", type];
            if (r.GetValue(images) is { } pictures) study.AddRange(["--images", pictures]);
            // Read first: a damaged file is found before the hour of studies, not after it.
            var older = r.GetValue(tolerances) is { } file && File.Exists(file) ? SnapshotTolerances.Read(file) : SnapshotTolerances.None;

            var runs = new NoiseRun(study, r.GetValue(output)!);
            var subjects = r.GetValue(checkpoints)!.Select(checkpoint => runs.Run(checkpoint, variations, r.GetValue(reuse), error.WriteLine)).ToArray();
            var table = NoiseTable.Merge([.. subjects.Select(NoiseTable.Of)]);
            var first = subjects[0][0].Study;
            var text = NoisePage.Render(table, new(
                $"vrp {string.Join(' ', r.Tokens.Select(token => token.Value))}",
                $"{MachineFacts.Processor}, {Environment.ProcessorCount} cores, {MachineFacts.InstructionSet}, libtorch {__version__}",
                $"{first.Data}, {first.Samples.Count} questions about {first.Samples.Select(sample => sample.Group).Distinct().Count()} pictures, budget {r.GetValue(budget)}",
                profile, $"{variations[0].Threads} threads, blocks of {variations[0].Block}, what the libraries choose", runs.LeftOut));
            console.Write(text);
            if (r.GetValue(page) is { } path) SnapshotText.Write(path, text);
            if (r.GetValue(tolerances) is { } target) older.With(profile, table.Tolerances).Write(target);
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
                throw new VrpException($"--only \"{name}\": expected names among {string.Join(", ", variations.Skip(1).Select(variation => $"\"{variation.Name}\""))}.");
        return [variations[0], .. variations.Skip(1).Where(variation => only.Contains(variation.Name))];
    }
}
