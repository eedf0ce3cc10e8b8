using System.CommandLine;
using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Harness.Intervening;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary><c>vrp study</c>: one reliability pass over a model, every figure of the study with its controls, into one folder.</summary>
static class StudyCommand
{
    public static Command Build()
    {
        var (model, data, trace, protocol) = (new ModelOptions(), new DataOptions(), new TraceArguments(), new ProtocolArguments());
        var output = new Option<string>("--out") { Description = "The run's folder: traces and interventions to go on from, metrics.json, verdicts.json, "
            + "samples.jsonl, run.json.", Required = true };
        var name = new Option<string?>("--name") { Description = "The subject's name in results. Default: the checkpoint's." };
        var rows = new Option<int>("--rows") { Description = "Most rows (questions × arms) of one restart of the intervention stage; fewer need less memory.",
            DefaultValueFactory = _ => new InterventionOptions().RowsPerBatch };
        var command = new VrpCommand("study", "Trace a model on a question set, intervene, and judge the study's claims. Interrupted, the same command goes "
            + "on at the block in flight.",
            "vrp study fixtures/checkpoints/llava --data fixtures/world/study.jsonl --out runs/llava",
            "vrp study llava-hf/llava-1.5-7b-hf --device cuda --data fixtures/pope/coco_pope_adversarial.json --images val2014/ --limit 24 --budget quick "
                + "--out runs/look");
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be asked, and what it needs in memory and on disk. Reads no weights, "
            + "runs nothing." };
        model.AddTo(command);
        data.AddTo(command);
        command.AddAll(output, name);
        command.AddAll(trace.All);
        command.AddAll(protocol.All);
        command.AddAll(rows, dryRun);
        command.SetAction(r =>
        {
            var console = r.InvocationConfiguration;
            var dataset = data.Open(r);
            var settings = trace.Read(r);
            var request = new StudyRequest(r.GetValue(name), dataset, r.GetValue(output)!)
            {
                Trace = settings,
                Budget = protocol.Budget(r),
                Protocol = protocol.Protocol(r),
                Interventions = new InterventionOptions
                {
                    RowsPerBatch = r.GetValue(rows),
                    MaxNewTokens = settings.MaxNewTokens,
                    PrefixSharing = settings.PrefixSharing,
                },
            };
            if (r.GetValue(dryRun))
            {
                console.Output.WriteLine(model.Plan(r, request.Subject, request));
                foreach (var gap in ForeseenGap.Of(request)) console.Output.WriteLine($"  {gap}");
                return ExitCode.Success;
            }

            using var loaded = model.LoadSubject(r);
            FinishedStudy finished;
            using (var lines = new StageLines(console.Error)) finished = StudyPipeline.Run(request, loaded, lines.Report, lines.Say);
            console.Output.Write(StudyTables.Verdicts(finished.Result));
            console.Output.WriteLine();
            console.Output.Write(StudyTables.Figures([finished.Result]));
            console.Output.WriteLine();
            foreach (var line in Costs(finished)) console.Output.WriteLine(line);
            return ExitCode.Success;
        });
        return command;
    }

    internal static IEnumerable<string> ArmCosts(StageResult stage)
    {
        foreach (var (kind, share) in stage.ArmOverPrefill ?? new Dictionary<string, double>())
            yield return FormattableString.Invariant($"{kind}: one arm of one question costs {share:0.0000} of its prompt read in full");
        if (stage.PrefillsPerQuestion is { } all) yield return FormattableString.Invariant($"all arms of a question: {all:0.00} prompts read in full");
    }

    internal static IEnumerable<string> Costs(FinishedStudy study)
    {
        yield return $"trace:         {study.Trace.Summary}";
        if (study.Trace.CostOverGreedy is { } cost)
            yield return FormattableString.Invariant(
                $"               {cost:0.00} × greedy answers alone, of it {study.Trace.SamplesOverGreedy:0.00} × for the sampled answers");
        if (study.Interventions is { } stage)
        {
            yield return $"interventions: {stage.Summary}";
            foreach (var line in ArmCosts(stage)) yield return $"               {line}";
        }
        else if (study.WithoutInterventions is { } why) yield return $"interventions: none, {why}";

        yield return string.Create(CultureInfo.InvariantCulture, $"judging:       {study.JudgingSeconds:0.0} s; {study.Folder}");
    }
}
