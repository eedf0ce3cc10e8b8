using System.CommandLine;
using Vrp.Harness.Claims;
using Vrp.Harness.Exporting;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary><c>vrp export csv | parquet | evaluation</c>: a run for data frames, and for .NET's evaluation reports.</summary>
static class ExportTables
{
    public static Command Csv() => Tables("csv", "CSV", table => Task.FromResult(TableFiles.Csv(table)));

    public static Command Parquet() => Tables("parquet", "Parquet", TableFiles.Parquet);

    static Command Tables(string ending, string name, Func<ExportTable, Task<byte[]>> write)
    {
        var (folder, output) = (Run(), Output("Folder of the tables, made where it is not there."));
        var command = new VrpCommand(ending, $"Write a run as three tables in {name}: samples, metrics and verdicts, with the columns of docs/exporting.md.",
            $"vrp export {ending} runs/llava --out tables/");
        command.AddAll(folder, output);
        command.SetAction(async (r, cancel) =>
        {
            var study = RunFolder.Read(r.GetValue(folder)!);
            Directory.CreateDirectory(r.GetValue(output)!);
            foreach (var table in RunTables.Of(study))
            {
                var path = Path.Combine(r.GetValue(output)!, $"{table.Name}.{ending}");
                TableFiles.Put(path, await write(table));
                r.InvocationConfiguration.Output.WriteLine(
                    FormattableString.Invariant($"{path}: {table.Columns[0].Cells.Count:N0} rows, {table.Columns.Count} columns"));
            }
            return ExitCode.Success;
        });
        return command;
    }

    public static Command Evaluation()
    {
        var (folder, output) = (Run(), Output("The store: a folder to which every run adds an execution."));
        var execution = new Option<string?>("--execution") { Description = "Name of this execution. Default: the subject and the time of the run's results." };
        var ledger = new Option<string?>("--ledger") { Description = "Expected verdicts: one that differs is shown as failed. Default: none is expected." };
        var questions = new Option<string>("--questions") { Description = "Questions to write beside the claims: wrong, all or none.",
            DefaultValueFactory = _ => "wrong" };
        var command = new VrpCommand("evaluation",
            "Write a run as results of Microsoft.Extensions.AI.Evaluation, which `dotnet aieval report --path STORE --output report.html` shows "
                + "(package Microsoft.Extensions.AI.Evaluation.Console).",
            "vrp export evaluation runs/llava --out evaluation/ --ledger specs/ledger.json");
        command.AddAll(folder, output, execution, ledger, questions);
        command.SetAction(r =>
        {
            Func<QuestionResult, bool> chosen = r.GetValue(questions) switch
            {
                "wrong" => question => question is { IsJudged: true, IsCorrect: false },
                "all" => _ => true,
                "none" => _ => false,
                var other => throw new VrpException($"--questions {other}: expected wrong, all or none."),
            };
            var study = RunFolder.Read(r.GetValue(folder)!);
            if (r.GetValue(ledger) is { } named && !File.Exists(named)) throw new VrpException($"--ledger {named}: no such file.");
            var expected = r.GetValue(ledger) is { } path
                ? Ledger.Load(path).Entries.Where(entry => entry.Subject == study.Subject).ToDictionary(entry => entry.Claim, entry => entry.Expected) : [];
            var made = File.GetLastWriteTimeUtc(Path.Combine(study.Folder, RunFolder.Verdicts));
            var name = r.GetValue(execution) ?? FormattableString.Invariant($"{study.Subject} {made:yyyyMMdd'T'HHmmss}");
            var files = new EvaluationStore(name, made).Write(r.GetValue(output)!, study, expected, chosen);
            r.InvocationConfiguration.Output.WriteLine($"{files} results of \"{name}\" in {Path.GetFullPath(r.GetValue(output)!)}");
            r.InvocationConfiguration.Output.WriteLine($"dotnet aieval report --path \"{r.GetValue(output)}\" --output report.html");
            return ExitCode.Success;
        });
        return command;
    }

    static Argument<string> Run() => new("RUN_DIR") { Description = "The folder of a finished run, or of an imported one." };

    static Option<string> Output(string what) => new("--out") { Description = what, Required = true };
}
