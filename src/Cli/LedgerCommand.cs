using System.CommandLine;
using System.Text;
using Vrp.Harness.Configuration;
using Vrp.Harness.Ledgers;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary><c>vrp ledger</c>: the expected verdicts as a table.</summary>
static class LedgerCommand
{
    public static Command Build()
    {
        var config = new Option<string?>("--config") { Description = "The configuration that names the ledger. Default: VRP_CONFIG, else the nearest "
            + "vrp.json." };
        var page = new Option<string?>("--page") { Description = "Also write a Markdown page with every entry's reason to this file." };
        var command = new VrpCommand("ledger", "Print the verdicts that are expected of every subject.",
            "vrp ledger",
            "vrp ledger --page specs/README.md",
            "vrp ledger --config vrp.study.json");
        command.AddAll(config, page);
        command.SetAction(r =>
        {
            var read = VrpConfig.Load(r.GetValue(config) ?? VrpConfig.Find(Directory.GetCurrentDirectory()));
            var ledger = Ledger.Load(read.At(read.Ledger));
            r.InvocationConfiguration.Output.Write(ledger.Entries.Count == 0 ? $"{read.At(read.Ledger)} holds no entry.\n" : LedgerPage.Table(ledger));
            if (r.GetValue(page) is { } path)
                AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(LedgerPage.Render(ledger, read.Ledger, $"./vrp ledger --page {path}"))));
            return ExitCode.Success;
        });
        return command;
    }
}
