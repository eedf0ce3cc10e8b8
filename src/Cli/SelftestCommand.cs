using System.CommandLine;
using System.Diagnostics;
using Vrp.Harness.Claims;
using Vrp.Harness.Claims.Selftest;
using Vrp.Harness.Datasets;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary><c>vrp selftest</c>: made-up traces with a known truth must lead every claim to each of its four verdicts, on this machine and this
/// build.</summary>
static class SelftestCommand
{
    public static Command Build()
    {
        var only = new Option<string?>("--claim") { Description = "Only this claim's scenarios." };
        var page = new Option<string?>("--claims-page") { Description = "Write docs/claims.md from the catalogue to this file, and do nothing else." };
        var time = new Option<bool>("--time") { Description = "Also time the whole analysis at the study's size: 3,090 questions, 6 layers of 128 units." };
        var command = new VrpCommand("selftest", "Judge made-up data whose truth is known: every claim must get each of its four verdicts. Exit code 70 when "
            + "one does not.",
            "vrp selftest",
            "vrp selftest --claim hidden-state-probe",
            "vrp selftest --time");
        command.AddAll(only, page, time);
        command.SetAction(r =>
        {
            var output = r.InvocationConfiguration.Output;
            if (r.GetValue(page) is { } file)
            {
                AtomicFile.WriteText(file, ClaimsPage.Render());
                return ExitCode.Success;
            }

            if (r.GetValue(only) is { } id) ClaimRegistry.Get(id);
            var scenarios = ClaimScenarios.All.Where(scenario => r.GetValue(only) is not { } claim || scenario.Claim == claim).ToArray();
            var wrong = 0;
            using (var progress = new Progress(r.InvocationConfiguration.Error, "judged", scenarios.Length))
                foreach (var (scenario, i) in scenarios.Select((scenario, i) => (scenario, i)))
                {
                    progress.Report(i);
                    var result = scenario.Judge();
                    var right = result.Verdict == scenario.Expected;
                    if (!right) wrong++;
                    output.WriteLine($"{(right ? "ok   " : "WRONG")} {scenario.Claim,-22} {result.Verdict,-12} "
                        + $"{scenario.Truth}{(right ? "" : $" (expected {scenario.Expected}): {result.Reason}")}");
                }

            output.WriteLine($"{scenarios.Length - wrong} of {scenarios.Length} scenarios got the verdict that their truth demands.");
            if (r.GetValue(time)) Time(output);
            return wrong == 0 ? ExitCode.Success : ExitCode.Internal;
        });
        return command;
    }

    static void Time(TextWriter output)
    {
        var trace = new SyntheticTrace
        {
            Layers = 6, Hidden = 128, Heads = 4, Grid = 8, Images = 500, State = 2, Confidence = 0.5,
            PerImage = [(QuestionKind.YesNo, 2), (QuestionKind.Count, 2), (QuestionKind.Spatial, 2)],
        }.Build();
        var interventions = new SyntheticInterventions(_ => 0.02) { Budget = Harness.Claims.InterventionBudget.Full }.Build(trace);
        var (clock, last) = (Stopwatch.StartNew(), TimeSpan.Zero);
        Claim? before = null;
        void Report(Claim? next)
        {
            if (before is not null) output.WriteLine(FormattableString.Invariant($"{before.Id,-22} {(clock.Elapsed - last).TotalSeconds,6:0.00} s"));
            (before, last) = (next, clock.Elapsed);
        }

        var options = new StudyOptions();
        var result = Study.Analyze(trace, interventions, options, Report);
        Report(null);
        output.WriteLine(FormattableString.Invariant($"{trace.Count} questions, {result.Estimates.Count} estimates, {options.Draws} draws, ")
            + FormattableString.Invariant($"{options.Permutations} permutations: {clock.Elapsed.TotalSeconds:0.0} s"));
    }
}
