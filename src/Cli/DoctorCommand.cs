using System.CommandLine;
using Vrp.Harness.Running;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary><c>vrp doctor</c>: what this machine has, what is missing and the command that gets it; with --numerics, what a checkpoint loses in half precision
/// here.</summary>
static class DoctorCommand
{
    public static Command Build()
    {
        var numerics = new Option<string?>("--numerics") { Description = "A checkpoint: print the drift of bfloat16 and float16 against float32, layer by "
            + "layer." };
        var device = new Option<string>("--device") { Description = "Where --numerics computes: cpu or cuda[:N].", DefaultValueFactory = _ => "cpu" };
        var command = new VrpCommand("doctor", "Say what was found on this machine, what is missing, and the command that gets it. Exit code 64 when "
            + "something needed is missing.",
                "vrp doctor",
                "vrp doctor --numerics fixtures/goldens/models/llava-tiny") { numerics, device };
        command.SetAction(r =>
        {
            var output = r.InvocationConfiguration.Output;
            var findings = MachineCheck.Run();
            var width = findings.Max(f => f.What.Length) + 2;
            foreach (var finding in findings)
            {
                output.WriteLine($"{finding.What.PadRight(width)}{finding.Found}");
                if (finding.Remedy is not null) output.WriteLine($"{"",-2}→ {finding.Remedy}");
            }
            if (findings.Any(f => f.Missing)) return ExitCode.Usage;
            if (r.GetValue(numerics) is { } checkpoint) NumericsReport.Print(checkpoint, ComputePlace.Device(r.GetValue(device)!), output);
            return ExitCode.Success;
        });
        return command;
    }
}
