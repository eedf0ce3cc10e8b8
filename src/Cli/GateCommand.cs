using System.CommandLine;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Exporting;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Reporting;
using Vrp.Harness.Running;
using Vrp.Harness.Studies;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Storage;

namespace Vrp.Cli;

/// <summary><c>vrp gate</c>: judges every subject of vrp.json against the ledger, or holds a candidate against a baseline. The exit code is the
/// verdict.</summary>
static class GateCommand
{
    public static Command Build()
    {
        var options = new ConfigOptions();
        var baseline = new Option<string?>("--baseline") { Description = "The model in use: a run's folder (nothing is run again), a checkpoint, or a subject "
            + "of vrp.json." };
        var candidate = new Option<string?>("--candidate") { Description = "The model that should replace it, named the same way." };
        var data = new Option<string?>("--data") { Description = "Question set of vrp.json for --baseline and --candidate. Default: the only one." };
        var runs = new Option<string[]>("--runs") { Description = "Finished run folders, one per subject: they are judged against the ledger and nothing is "
            + "run.", AllowMultipleArgumentsPerToken = true };
        var common = new Option<bool>("--common-only") { Description = "Compare on the questions that both runs hold, where one holds more." };
        var output = new Option<string?>("--out") { Description = "Folder for report.html, summary.md, comment.md and junit.xml. Default: artifacts/gate; "
            + "artifacts/preview where --limit or --budget ask less than vrp.json." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be asked of each subject, and what it needs in memory and on disk. "
            + "Reads no weights, runs nothing." };
        var json = new Option<string?>("--json") { Description = "Also write what the gate says to this file, for programs (docs/gate.schema.json)." };
        var command = new VrpCommand("gate",
            "Judge the claims for every subject of vrp.json against the ledger, or a candidate against a baseline. Exit code: 0 pass, 1 regression, 2 claim "
                + "broken, 3 could not judge; 64 wrong usage or unreadable input.",
            "vrp gate",
            "vrp gate --subject llava-fixture --limit 50",
            "vrp gate --config vrp.study.json --runs runs/llava-1.5-7b runs/paligemma-3b runs/qwen2-vl-7b",
            "vrp gate --baseline runs/llava-v1 --candidate checkpoints/llava-v2 --device cuda --out artifacts/upgrade",
            "vrp gate --baseline runs/gpt-4o-may --candidate runs/gpt-4o-june --json gate.json",
            "vrp gate --config vrp.pope.json --fetch");
        command.AddAll(options.All);
        command.AddAll(runs, baseline, candidate, data, common, output, dryRun, json);
        command.SetAction(r =>
        {
            if (r.GetValue(baseline) is null != r.GetValue(candidate) is null) throw new VrpException("--baseline and --candidate go together: give both, or "
                + "neither to judge vrp.json against its ledger.");
            var stored = r.GetValue(runs) ?? [];
            if (stored.Length > 0 && r.GetValue(baseline) is not null)
                throw new VrpException("--runs judges against the ledger, --baseline and --candidate against each other: give one of them.");
            // Two finished runs, also imported ones, are all that a comparison needs: a configuration adds margins and what is expected.
            var finished = r.GetValue(baseline) is { } one && r.GetValue(candidate) is { } other
                && new[] { one, other }.All(StoredRuns.Holds);
            var config = finished ? options.ReadIfAny(r) : options.Read(r);
            using var lines = new StageLines(r.InvocationConfiguration.Error, [.. config.Subjects.Select(subject => subject.Name)]);
            var session = options.Session(r, config, lines);
            if (stored.Length > 0) session.UseStored(stored);
            else if (r.GetValue(baseline) is null) session.RequireData();
            var preview = stored.Length == 0 && !finished && options.IsPreview(r);
            if (r.GetValue(dryRun)) return Plan(session, options.Planner(r, config), r.InvocationConfiguration.Output);
            var folder = r.GetValue(output) ?? Path.Combine("artifacts", preview ? "preview" : "gate");
            // Known now, not after the hour that the models take.
            GateFiles.RequireWritable(folder);
            if (r.GetValue(json) is { } file) GateFiles.RequireFile(file);
            var (console, origin) = (r.InvocationConfiguration.Output, ReportOrigin.Now(r.Tokens.Select(token => token.Value)));
            return r.GetValue(baseline) is { } first
                ? Upgrade(session, first, r.GetValue(candidate)!, r.GetValue(data), r.GetValue(common), preview, folder, r.GetValue(json), console, origin)
                : Claims(session, preview, folder, r.GetValue(json), console, origin);
        });
        return command;
    }

    static int Claims(JudgingSession session, bool preview, string folder, string? json, TextWriter console, ReportOrigin origin)
    {
        var subjects = session.JudgeAll();
        var checks = session.Check();
        var (outcome, reasons) = LedgerGate.Decide(subjects, checks, preview);
        // What a part of the questions says is not to be accepted for all of them.
        if (!preview) ReceivedLedger.Write(session, checks);
        var report = new Report("Reliability gate", [.. subjects.Where(subject => subject.Study is not null).Select(Reported)], session.Compare(), checks)
        {
            Origin = origin, Preview = preview,
                NotRun = [.. subjects.Where(subject => subject is { Failure: not null, Subject.Required: true })
                    .Select(subject => (subject.Subject.Name, Why: subject.Failure!))],
        };
        TerminalColour.Write(LedgerTables.Render(checks, outcome, reasons, preview), console);
        GateFiles.Write(folder, report, console);
        if (json is not null) GateFile.Write(json, outcome, reasons, checks, report.NotRun);
        return (int)outcome;
    }

    static int Upgrade(JudgingSession session, string baseline, string candidate, string? data, bool common, bool preview, string folder,
        string? json, TextWriter console, ReportOrigin origin)
    {
        var config = session.Config;
        if (data is not null && !config.Data.ContainsKey(data))
                throw new VrpException($"--data {data}: {config.Source} has {string.Join(", ", config.Data.Keys)}.");
        var stored = new StoredRuns(RunFolder.Read);
        data ??= DataOfStored(config, stored, baseline, candidate);
        var (before, after) = (Find(session, stored, baseline, data), Find(session, stored, candidate, data));
        foreach (var subject in new[] { before, after })
            if (subject.Failure is { } failure)
            {
                // A subject that cannot be run is not judged: that is an outcome of the gate, and wrong usage was refused above.
                console.WriteLine($"COULD NOT JUDGE: {subject.Subject.Name} did not run: {failure}");
                if (json is not null) GateFile.Write(json, GateOutcome.CouldNotJudge, [failure], [], [(subject.Subject.Name, failure)]);
                return (int)GateOutcome.CouldNotJudge;
            }

        var expected = session.Ledger.Entries.Where(entry => entry.Subject == after.Study!.Subject).ToDictionary(entry => entry.Claim, entry => entry.Expected);
        var result = Gate.Compare(before.Study!, after.Study!,
            new GateOptions { Margins = config.Margins, Expected = expected, Draws = config.Protocol.Draws, Seed = config.Protocol.Seed, CommonOnly = common });
        if (preview && result.Outcome == GateOutcome.ClaimBroken)
            result = result with { Outcome = GateOutcome.CouldNotJudge,
                Reasons = ["preview: a part of the questions or of the interventions breaks no claim.", .. result.Reasons] };
        var report = Report.OfUpgrade(result, Reported(before), Reported(after)) with { Origin = origin };
        TerminalColour.Write(GateTables.Render(report.Gate!), console);
        GateFiles.Write(folder, report, console);
        if (json is not null) GateFile.Write(json, result);
        return (int)result.Outcome;
    }

    /// <summary>The set of a stored run decides what the other model is asked; where vrp.json has no such set, that is said before the model is run and not
    /// after it.</summary>
    static string? DataOfStored(VrpConfig config, StoredRuns stored, string baseline, string candidate)
    {
        string?[] data = [.. new[] { baseline, candidate }.Select(what => stored.Find(what)?.Data)];
        if ((data[0] ?? data[1]) is not { } name || data.All(set => set is not null)) return null;
        return config.Data.ContainsKey(name) ? name
            : throw new VrpException($"{(data[0] is null ? candidate : baseline)} was run on '{name}', and {config.Source} has no such question set: "
                + $"{string.Join(", ", config.Data.Keys)}. Name the set so.");
    }

    /// <summary>What a gate would do, a line a subject.</summary>
    static int Plan(JudgingSession session, Func<SubjectConfig, StudyRequest, StudyCost> plan, TextWriter console)
    {
        foreach (var subject in session.Config.Subjects)
        {
            var request = ConfiguredStudy.Request(session.Config, subject, session.Open(session.Config.DataOf(subject)));
            console.WriteLine($"{plan(subject, request)}; store {request.Folder}");
            foreach (var gap in ForeseenGap.Of(request)) console.WriteLine($"  {gap}");
        }

        return ExitCode.Success;
    }

    static ReportSubject Reported(JudgedSubject subject) => new(subject.Study!, subject.Dataset is null ? null : subject.ImagePath, subject.Study!.Folder);

    /// <summary>A stored run, a subject of the configuration, or a checkpoint that gets a study of its own.</summary>
    static JudgedSubject Find(JudgingSession session, StoredRuns stored, string what, string? data)
    {
        if (stored.Find(what) is { } study)
        {
            var dataset = session.Config.Data.ContainsKey(study.Data) ? ConfiguredStudy.Open(session.Config, study.Data) : null;
            return new JudgedSubject(new SubjectConfig { Name = study.Subject, Checkpoint = what }, study, null, dataset, null);
        }

        if (session.Config.Subjects.FirstOrDefault(subject => subject.Name == what) is { } named)
            return session.Judge(data is null ? named : named with { Data = data });
        if (data is null && session.Config.Data.Count > 1) throw new VrpException($"{session.Config.Source} has {session.Config.Data.Count} question sets: "
            + "name one with --data.");
        var subjects = session.Config.Subjects;
        var folder = Directory.Exists(what) ? Path.GetFullPath(what) : what;
        // A name of the hub has a slash; what is neither that nor a folder is a typing error, not a model that did not run.
        if (folder == what && !what.Contains('/'))
            throw new VrpException($"{what} is no folder, no subject of {session.Config.Source} and no org/name of the "
                + $"hub{(NearNames.Closest(what, subjects.Select(subject => subject.Name)) is { } near ? $"; did you mean \"{near}\"?" : ".")}");
        return session.Judge(new SubjectConfig
        {
            Name = NameOf(folder),
            Checkpoint = folder,
            Data = data,
            Device = subjects[0].Device,
            Dtype = subjects[0].Dtype,
            Block = subjects[0].Block,
            Rows = subjects[0].Rows,
        });
    }

    /// <summary>A checkpoint's last part and a mark of the whole: two checkpoints that differ by their parent folder alone are kept, shown and compared as
    /// two.</summary>
    static string NameOf(string checkpoint)
    {
        var (path, name) = (Path.TrimEndingDirectorySeparator(checkpoint), Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint)).Split('@')[0]);
        return $"{name}-{Sha256Hex.Of(path)[..6]}";
    }
}

/// <summary>The run folders that a gate is given, each read once: a run of real size is a hundred megabytes of hashes and lines.</summary>
/// <param name="read">Reads a folder.</param>
sealed class StoredRuns(Func<string, StudyResult> read)
{
    readonly Dictionary<string, StudyResult> runs = [];

    /// <summary>Whether a name is that of a run's folder.</summary>
    public static bool Holds(string what) => File.Exists(Path.Combine(what, RunFolder.Metrics));

    /// <summary>The run in a folder; null where the name is not that of a run's folder.</summary>
    public StudyResult? Find(string what)
    {
        if (!Holds(what)) return null;
        if (!runs.TryGetValue(what, out var run)) runs.Add(what, run = read(what));
        return run;
    }
}
