using System.CommandLine;
using Vrp.Harness.Intervening;
using Vrp.Harness.Storage;
using Vrp.Harness.Tracing;

namespace Vrp.Cli;

/// <summary><c>vrp intervene</c>: the arms of a plan, run. The second stage of a study that needs the GPU.</summary>
static class InterveneCommand
{
    public static Command Build()
    {
        var model = new ModelOptions();
        var (data, source) = (new DataOptions(required: false), new StageSource());
        var defaults = new InterventionOptions();
        var output = new Option<string>("--out") { Description = "The run's folder, which holds the trace; the results lie in intervene/KEY below it.",
            Required = true };
        var plan = new Option<string>("--plan") { Description = "The plan that the analysis of the trace made (JSON).", Required = true };
        var trace = new Option<string?>("--trace") { Description = "The trace's store, where --out does not hold exactly one." };
        var shard = new ShardOptions();
        var block = new Option<int>("--block") { Description = "Most questions of a block of whole images; part of the results' key.",
            DefaultValueFactory = _ => defaults.BlockSize };
        var rows = new Option<int>("--rows") { Description = "Most rows (questions × arms) of one restart; fewer need less memory.",
            DefaultValueFactory = _ => defaults.RowsPerBatch };
        var maxNewTokens = new Option<int>("--max-new-tokens") { Description = "Longest answer in tokens.", DefaultValueFactory = _ => defaults.MaxNewTokens };
        var plain = TraceArguments.PlainOption();
        var command = new VrpCommand("intervene",
            "Mask patches and ablate units as a plan says, and record the answers. Interrupted, the same command goes on where it was.",
            "vrp intervene checkpoint/ --data fixtures/world/study.jsonl --plan run/plan.json --out run/",
            "vrp intervene llava-hf/llava-1.5-7b-hf --device cuda --data pope.json --images val2014/ --plan run/plan.json --out run/ --shard 1/5",
            "vrp intervene llava-1.5-7b --config vrp.study.json --plan run/plan.json --trace run/ --out part/ --shard 1/5");
        model.AddTo(command);
        data.AddTo(command);
        command.AddAll(plan, trace, output);
        command.AddAll(shard.All);
        command.AddAll(block, rows, maxNewTokens, plain, source.Option);
        command.SetAction(r =>
        {
            var (console, error) = (r.InvocationConfiguration.Output, r.InvocationConfiguration.Error);
            var folder = r.GetValue(output)!;
            var configured = source.Read(r, model.Checkpoint(r), folder);
            var typed = new InterventionOptions { BlockSize = r.GetValue(block), RowsPerBatch = r.GetValue(rows), MaxNewTokens = r.GetValue(maxNewTokens) };
            var options = (configured?.Request.Interventions ?? typed) with
            {
                Shard = shard.Read(r),
                PrefixSharing = !r.GetValue(plain),
            };
            var todo = PlanFile.Read(r.GetValue(plan)!);
            var dataset = configured?.Request.Dataset ?? data.Open(r);
            var traced = TraceReader.Open(r.GetValue(trace) ?? folder, dataset);
            using var loaded = configured?.Load(model.ThreadCount(r), model.Fetch(r), error) ?? model.LoadSubject(r);
            using var progress = new Progress(error, "intervened", todo.QuestionIds.Count > 0 ? todo.QuestionIds.Count : dataset.Questions.Count);
            var result = InterventionStage.Run(loaded.Models, loaded.Checkpoint, dataset, traced, todo, folder, options, at => progress.Report(at.Done),
                text => error.Say(text));
            console.WriteLine($"{result.Folder}: budget {todo.Budget}, {todo.Arms.Count + 1} arms; {result.Summary}");
            foreach (var line in StudyCommand.ArmCosts(result)) console.WriteLine(line);
            return ExitCode.Success;
        });
        return command;
    }
}
