using System.CommandLine;
using Vrp.Harness.Snapshots;

namespace Vrp.Harness.Cli;

/// <summary><c>vrp accept</c>: what the last run of the specs received becomes what is verified, after a person has looked at it.</summary>
static class AcceptCommand
{
    public static Command Build()
    {
        var pattern = new Argument<string?>("PATTERN") { Description = "Which ones: a part of the name, or a glob with * and ?. Default: all.", Arity = ArgumentArity.ZeroOrOne };
        var folder = new Option<string>("--snapshots") { Description = "Folder of the specs.", DefaultValueFactory = _ => "specs" };
        var command = new VrpCommand("accept", "Accept received snapshots: each .received.json takes the place of its .verified.json; verified files that no spec makes any more are deleted. Refuses in CI.",
            "vrp accept",
            "vrp accept hidden_state",
            "vrp accept \"*_subject=llava*\" --snapshots tests/specs");
        command.AddAll(pattern, folder);
        command.SetAction(r => Snapshots(r.GetValue(folder)!, r.GetValue(pattern), SnapshotOptions.InContinuousIntegration(Environment.GetEnvironmentVariable("CI")), r.InvocationConfiguration.Output));
        return command;
    }

    /// <summary>The part that accepts snapshot files; says each before it is done.</summary>
    internal static int Snapshots(string folder, string? pattern, bool continuousIntegration, TextWriter output)
    {
        SnapshotAcceptance.ThrowInContinuousIntegration(continuousIntegration);
        if (!Directory.Exists(folder)) throw new SnapshotException($"there is no folder {folder}: name the specs' folder with --snapshots.");
        var pending = SnapshotAcceptance.Find(folder, pattern);
        if (pending.Count == 0 && pattern is not null && SnapshotAcceptance.Find(folder) is { Count: > 0 } others)
            throw new SnapshotException($"nothing that waits in {folder} matches \"{pattern}\"; there wait: {string.Join(", ", others.Select(other => other.Name))}.");
        if (pending.Count == 0)
        {
            output.WriteLine($"nothing waits for acceptance in {folder}.");
            return ExitCode.Success;
        }

        foreach (var one in pending)
        {
            output.WriteLine($"{one.Kind}: {Path.GetFileName(one.Verified)}{(one.Kind == SnapshotKind.Delete ? " (no spec makes it any more: deleting)" : "")}");
            SnapshotAcceptance.Accept(one, continuousIntegration);
        }

        output.WriteLine($"{pending.Count} accepted. Review them with git diff, and commit them.");
        return ExitCode.Success;
    }
}
