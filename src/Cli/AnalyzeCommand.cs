using System.CommandLine;
using Vrp.Harness.Claims;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary><c>vrp analyze</c>: judges what is in a run's folder, without a model. Between the two GPU stages it makes the plan of the second.</summary>
static class AnalyzeCommand
{
    public static Command Build()
    {
        var (data, protocol, source) = (new DataOptions(required: false), new ProtocolArguments(), new StageSource());
        var folder = new Argument<string>("DIR") { Description = "A run's folder that holds a finished trace, and interventions where they were run." };
        var name = new Option<string?>("--name") { Description = "The subject's name in results. Default: the checkpoint's." };
        var command = new VrpCommand("analyze", "Judge the claims from stored traces: on the CPU, without the model. Where the folder holds no interventions "
            + "yet, their plan is written to plan.json.",
            "vrp analyze runs/llava --data fixtures/world/study.jsonl",
            "vrp analyze runs/merged --data pope.json --images val2014/ --corrected-labels repope.jsonl",
            "vrp analyze runs/llava --config vrp.study.json --name llava-1.5-7b");
        command.AddAll(folder);
        data.AddTo(command);
        command.AddAll(name);
        command.AddAll(protocol.All);
        command.AddAll(source.Option);
        command.SetAction(r =>
        {
            var console = r.InvocationConfiguration;
            var request = source.Read(r, r.GetValue(name), r.GetValue(folder)!)?.Request
                ?? new StudyRequest(r.GetValue(name), data.Open(r), r.GetValue(folder)!) { Budget = protocol.Budget(r), Protocol = protocol.Protocol(r) };
            using var lines = new StageLines(console.Error);
            var (result, plan, without) = StudyPipeline.Analyze(request, lines.Report);
            console.Output.Write(StudyTables.Verdicts(result));
            if (plan is not null)
                console.Output.WriteLine($"\n{Path.Combine(request.Folder, "plan.json")}: {plan.Arms.Count + 1} arms on {plan.QuestionIds.Count} questions, "
                    + $"budget {plan.Budget}. Next: `vrp intervene`, then this command again.");
            else if (without is not null) console.Output.WriteLine($"\nno plan for interventions: {without}");
            return ExitCode.Success;
        });
        return command;
    }
}
