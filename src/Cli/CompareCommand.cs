using System.CommandLine;
using Vrp.Harness.Claims;
using Vrp.Harness.Studies;

namespace Vrp.Cli;

/// <summary><c>vrp compare</c>: several subjects side by side, and the claim that only a comparison can judge.</summary>
static class CompareCommand
{
    public static Command Build()
    {
        var folders = new Argument<string[]>("DIR") { Description = "Run folders of finished studies, at least two.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { Description = "Also write the comparison as JSON to this file." };
        var command = new VrpCommand("compare", "Put subjects side by side: verdicts, the study's tables, pooled and meta-analysed correlations, dose curves "
            + "against each other, and architecture-split.",
            "vrp compare runs/llava runs/paligemma runs/qwen2vl",
            "vrp compare runs/* --out comparison.json");
        command.AddAll(folders, output);
        command.SetAction(r =>
        {
            var comparison = Comparison.Of([.. r.GetValue(folders)!.Select(RunFolder.Read)]);
            r.InvocationConfiguration.Output.Write(StudyTables.Of(comparison));
            if (r.GetValue(output) is { } path) RunFolder.WriteComparison(path, comparison);
            return ExitCode.Success;
        });
        return command;
    }
}
