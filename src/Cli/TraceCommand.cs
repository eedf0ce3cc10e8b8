using System.CommandLine;
using Vrp.Harness.Storage;
using Vrp.Harness.Studies;
using Vrp.Harness.Tracing;

namespace Vrp.Cli;

/// <summary><c>vrp trace</c>: everything that a model shows on a question set, to disk. The first stage of a study, and the one that needs the GPU.</summary>
static class TraceCommand
{
    public static Command Build()
    {
        var model = new ModelOptions();
        var (data, source) = (new DataOptions(required: false), new StageSource());
        var options = new TraceArguments();
        var output = new Option<string>("--out") { Description = "The run's folder; the trace lies in trace/KEY below it.", Required = true };
        var shard = new ShardOptions();
        var command = new VrpCommand("trace",
            "Record what a model shows on a question set: answers, states, attention, margins. Interrupted, the same command goes on where it was.",
            "vrp trace checkpoint/ --data fixtures/world/study.jsonl --out run/",
            "vrp trace llava-hf/llava-1.5-7b-hf --device cuda --data fixtures/pope/coco_pope_adversarial.json --images val2014/ --out run/ --shard 2/5",
            "vrp trace llava-1.5-7b --config vrp.study.json --out run/ --shard 2/5");
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be asked, and what it needs in memory and on disk. Reads no weights, "
            + "runs nothing." };
        model.AddTo(command);
        data.AddTo(command);
        command.AddAll(options.All);
        command.AddAll(output, dryRun);
        command.AddAll(shard.All);
        command.AddAll(source.Option);
        command.SetAction(r =>
        {
            var (console, error) = (r.InvocationConfiguration.Output, r.InvocationConfiguration.Error);
            var configured = source.Read(r, model.Checkpoint(r), r.GetValue(output)!);
            var typed = options.Read(r);
            var settings = (configured?.Request.Trace ?? typed) with { Shard = shard.Read(r), PrefixSharing = typed.PrefixSharing };
            var dataset = configured?.Request.Dataset ?? data.Open(r);
            if (r.GetValue(dryRun))
            {
                var request = new StudyRequest(null, dataset, r.GetValue(output)!) { Trace = settings, Budget = null };
                console.WriteLine(configured?.Plan(model.Fetch(r), error, request) ?? model.Plan(r, null, request));
                return ExitCode.Success;
            }

            using var loaded = configured?.Load(model.ThreadCount(r), model.Fetch(r), error) ?? model.LoadSubject(r);
            using var progress = new Progress(error, "traced", dataset.Questions.Count);
            var result = TraceStage.Run(loaded.Models, loaded.Checkpoint, dataset, r.GetValue(output)!, settings, at => progress.Report(at.Done),
                text => error.Say(text));
            console.WriteLine($"{result.Folder}: {result.Summary}");
            if (result.CostOverGreedy is { } cost)
                console.WriteLine(FormattableString.Invariant(
                    $"time: {cost:0.00} × greedy answers alone, of it {result.SamplesOverGreedy:0.00} × for the sampled answers"));
            return ExitCode.Success;
        });
        return command;
    }
}
