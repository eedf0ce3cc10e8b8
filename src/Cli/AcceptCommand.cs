using System.CommandLine;
using Vrp.Harness.Configuration;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Snapshots;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary><c>vrp accept</c>: what the last run of the specs received becomes what is verified, after a person has looked at it.</summary>
static class AcceptCommand
{
    public static Command Build()
    {
        var pattern = new Argument<string?>("PATTERN")
            { Description = "Which ones: a part of the name, or a glob with * and ?. Without it what waits is listed, and on a terminal you are asked.",
                Arity = ArgumentArity.ZeroOrOne };
        var folder = new Option<string?>("--snapshots")
            { Description = "Folder of the specs. Default: that of the ledger which the nearest vrp.json (or VRP_CONFIG) names." };
        var ledger = new Option<bool>("--ledger")
        {
            Description = "Accept the verdicts that the last `vrp gate` found, in the place of those that the ledger expects. "
                + "PATTERN is held against \"claim subject\".",
        };
        var config = new Option<string?>("--config")
            { Description = "The configuration that names the ledger. Default: VRP_CONFIG, else the nearest vrp.json." };
        var all = new Option<bool>("--all") { Description = "Everything that waits, without being asked." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list what would be accepted." };
        var command = new VrpCommand("accept",
            "Accept received snapshots: each .received.json takes the place of its .verified.json; "
                + "verified files that no spec makes any more are deleted. Refuses in CI.",
            "vrp accept",
            "vrp accept hidden_state",
            "vrp accept \"*_subject=llava*\" --snapshots tests/specs",
            "vrp accept --all",
            "vrp accept --ledger --dry-run",
            "vrp accept --ledger \"layer-destruction llava\"");
        command.AddAll(pattern, folder, ledger, config, all, dryRun);
        command.SetAction(r =>
        {
            var (output, ci) = (r.InvocationConfiguration.Output, SnapshotOptions.InContinuousIntegration(Environment.GetEnvironmentVariable("CI")));
            var which = r.GetValue(pattern);
            int Take(bool dry, TextWriter? to = null) =>
                r.GetValue(ledger) ? Verdicts(r.GetValue(config) ?? VrpConfig.Find(Directory.GetCurrentDirectory()), which, ci, to ?? output, dry)
                : Snapshots(r.GetValue(folder) ?? BesideLedger(r.GetValue(config)), which, ci, to ?? output, dry);
            if (r.GetValue(dryRun)) return Take(dry: true);
            if (which is not null || r.GetValue(all)) return Take(dry: false);
            using var listed = new StringWriter { NewLine = "\n" };
            Take(dry: true, listed);
            output.Write(listed.ToString());
            if (!listed.ToString().Contains(Would, StringComparison.Ordinal)) return ExitCode.Success;
            if (!Console.IsInputRedirected && output is ConsoleWriter { IsTerminal: true })
            {
                output.Write("Accept all of them? [y/N] ");
                output.Flush();
                if (Console.ReadLine()?.Trim() is "y" or "Y" or "yes") return Take(dry: false);
                output.WriteLine("nothing accepted.");
                return ExitCode.Success;
            }

            throw new VrpException("nothing accepted: name what to accept (a part of its name is enough), or give --all.");
        });
        return command;
    }

    const string Would = "would be accepted";

    /// <summary>Where the specs of a configuration keep their snapshots.</summary>
    internal static string BesideLedger(string? configuration)
    {
        var config = VrpConfig.Load(configuration ?? VrpConfig.Find(Directory.GetCurrentDirectory()));
        return Path.GetDirectoryName(config.At(config.Ledger))!;
    }

    /// <summary>The part that accepts snapshot files; says each before it is done, or, in a dry run, only says them.</summary>
    internal static int Snapshots(string folder, string? pattern, bool continuousIntegration, TextWriter output, bool dryRun = false)
    {
        SnapshotAcceptance.ThrowInContinuousIntegration(continuousIntegration);
        if (!Directory.Exists(folder)) throw new SnapshotException($"there is no folder {folder}: name the specs' folder with --snapshots.");
        var pending = SnapshotAcceptance.Find(folder, pattern);
        if (pending.Count == 0 && pattern is not null && SnapshotAcceptance.Find(folder) is { Count: > 0 } others)
            throw new SnapshotException($"nothing that waits in {folder} matches \"{pattern}\"; there wait: "
                + $"{string.Join(", ", others.Select(other => other.Name))}.");
        if (pending.Count == 0)
        {
            output.WriteLine($"nothing waits for acceptance in {folder}.");
            return ExitCode.Success;
        }

        foreach (var one in pending)
        {
            var why = one.Kind == SnapshotKind.Delete ? " (no spec makes it any more: deleting)" : "";
            output.WriteLine($"{one.Kind}: {Path.GetFileName(one.Verified)}{why}");
            if (!dryRun) SnapshotAcceptance.Accept(one, continuousIntegration);
        }

        if (dryRun)
        {
            output.WriteLine($"{pending.Count} {Would}.");
            return ExitCode.Success;
        }

        output.WriteLine($"{pending.Count} accepted. Review them with git diff, and commit them.");
        return ExitCode.Success;
    }

    /// <summary>The part that accepts verdicts; says each before it is done, or, in a dry run, only says them.</summary>
    internal static int Verdicts(string configuration, string? pattern, bool continuousIntegration, TextWriter output, bool dryRun = false)
    {
        SnapshotAcceptance.ThrowInContinuousIntegration(continuousIntegration);
        var config = VrpConfig.Load(configuration);
        var path = config.At(config.Ledger);
        var (ledger, received) = (Ledger.Load(path), ReceivedLedger.PathOf(path));
        if (!File.Exists(received))
        {
            output.WriteLine($"nothing waits for acceptance beside {path}: the last `vrp gate` found what was expected, or there was none.");
            return ExitCode.Success;
        }

        LedgerEntry[] open = [.. Ledger.Load(received).Entries.Where(entry => ledger.Find(entry.Claim, entry.Subject)?.Expected != entry.Expected)];
        LedgerEntry[] chosen = [.. open.Where(entry => SnapshotAcceptance.Matches(pattern, $"{entry.Claim} {entry.Subject}"))];
        if (chosen.Length == 0 && open.Length > 0)
            throw new SnapshotException($"no verdict that waits matches \"{pattern}\"; there wait: "
                + $"{string.Join(", ", open.Select(entry => $"{entry.Claim} {entry.Subject}"))}.");
        foreach (var entry in chosen)
            output.WriteLine($"{entry.Claim} [{entry.Subject}]: {ledger.Find(entry.Claim, entry.Subject)?.Expected.ToString() ?? "new"} → {entry.Expected}");
        if (dryRun)
        {
            output.WriteLine($"{chosen.Length} {Would}.");
            return ExitCode.Success;
        }

        ledger.With(chosen).Save(path);
        if (chosen.Length == open.Length) File.Delete(received);
        output.WriteLine($"{chosen.Length} accepted into {path}. "
            + "The reasons are the run's own words: put yours in their place, review with git diff, and commit.");
        return ExitCode.Success;
    }
}
