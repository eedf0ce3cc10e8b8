using System.Diagnostics;
using Vrp.Harness.Claims.Output;
using Vrp.Harness.Configuration;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Studying;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>What all specs of a test run share: the configuration, and each subject's study, made once when the first spec asks for it.</summary>
public sealed class SpecSession
{
    /// <summary>Snapshot tolerances beside the ledger, measured by <c>vrp noise</c>.</summary>
    const string TolerancesFile = "tolerances.json";

    static readonly Lazy<SpecSession> current =
        new(() => new SpecSession(VrpConfig.Load(VrpConfig.Find(AppContext.BaseDirectory)), ConfigOverrides.FromEnvironment()));

    readonly JudgingSession session;
    readonly Stopwatch quiet = Stopwatch.StartNew();
    IMessageSink? watcher;
    readonly HashSet<(string Subject, StudyStage Stage)> begun = [];

    SpecSession(VrpConfig configured, ConfigOverrides overrides)
    {
        (Configured, Config) = (configured, overrides.ApplyTo(configured));
        session = new JudgingSession(Config, subject => Harness.Running.Subject.Load(ConfiguredStudy.Checkpoint(Config, subject.Checkpoint),
            subject.Device, subject.Dtype, null, Say),
            Report, Say);
        Folder = Path.GetDirectoryName(Config.At(Config.Ledger))!;
        Tolerances = Path.Combine(Folder, TolerancesFile) is var file && File.Exists(file) ? SnapshotTolerances.Read(file) : SnapshotTolerances.Default;
    }

    /// <summary>Of this process: <c>VRP_CONFIG</c>, else the nearest vrp.json above the test assembly, with the <c>VRP_*</c> variables applied.</summary>
    public static SpecSession Current => current.Value;

    /// <summary>With the variables applied.</summary>
    public VrpConfig Config { get; }

    /// <summary>As the file has it: what snapshots exist does not depend on which subjects a job runs.</summary>
    public VrpConfig Configured { get; }

    /// <summary>Expected verdicts.</summary>
    public Ledger Ledger => session.Ledger;

    /// <summary>Where ledger and snapshots lie.</summary>
    public string Folder { get; }

    internal SnapshotTolerances Tolerances { get; }

    /// <summary>A subject's finished study.</summary>
    /// <exception cref="VrpException">It did not run: the reason.</exception>
    public StoredStudy StudyOf(string subject) => Judge(subject).Study
        ?? throw new VrpException($"{subject} is {(Judge(subject).Subject.Required ? "required" : "optional")} and did not run: {Judge(subject).Failure}");

    /// <summary>Numerics profile of a subject's study, for snapshots.</summary>
    public string ProfileOf(string subject)
    {
        var facts = FactsOf(subject);
        return SnapshotProfile.Of(facts["numerics.device"].Split(',')[0], facts["numerics.dtype"]);
    }

    /// <summary>What a subject's arithmetic was done with, for snapshots.</summary>
    public string KernelsOf(string subject) => SnapshotProfile.Kernels(FactsOf(subject));

    IReadOnlyDictionary<string, string> FactsOf(string subject)
    {
        _ = StudyOf(subject);                                                            // says why there is none
        return Judge(subject).Finished!.Trace.Facts;
    }

    /// <summary>The comparison of all subjects.</summary>
    /// <exception cref="VrpException">Fewer than two subjects have a study.</exception>
    public Harness.Claims.Comparing.Comparison Compare() => session.Compare()
        ?? throw new VrpException($"fewer than two subjects ran, and this claim compares them: {string.Join("; ", session.JudgeAll().Where(s => s.Failure is not null).Select(s => $"{s.Subject.Name}: {s.Failure}"))}");

    /// <summary>Why an optional subject is left out, or a claim over all subjects where a job runs a single one; null where it runs or has to.</summary>
    internal string? ReasonToLeaveOut(string subject) => subject == Vrp.Harness.Ledgers.Ledger.AllSubjects ? ReasonNotToCompare() : Judge(subject) is { Failure: { } failure, Subject.Required: false } ? $"{subject} is optional and did not run: {failure}" : null;

    string? ReasonNotToCompare()
    {
        var all = session.JudgeAll();
        return all.Count(one => one.Study is not null) >= 2 || all.Any(one => one is { Failure: not null, Subject.Required: true }) ? null
            : $"this claim compares subjects, and {(Config.Subjects.Count < Configured.Subjects.Count ? "the job runs one" : "only one can be loaded")}.";
    }

    /// <summary>Whether a subject is optional and its checkpoint is not there: known without a run, so that a theory has no case for it.</summary>
    internal bool IsAbsent(SubjectConfig subject)
    {
        if (subject.Required) return false;
        try
        {
            Checkpoint.Open(ConfiguredStudy.Checkpoint(Config, subject.Checkpoint));
            return false;
        }
        catch (VrpException)
        {
            return true;
        }
    }

    internal void Watch(IMessageSink sink) => watcher ??= sink;

    JudgedSubject Judge(string subject) => session.Judge(Config.Subjects.First(one => one.Name == subject));

    /// <summary>A line per stage and every ten seconds. The test host keeps standard output until a test ends; xUnit's diagnostic messages go through at once
    /// (<c>diagnosticMessages</c> in xunit.runner.json).</summary>
    void Report(StudyProgress now)
    {
        lock (begun)
        {
            // One subject may be judged while the next one is traced.
            if (!begun.Add((now.Subject, now.Stage)) && quiet.Elapsed.TotalSeconds < 10) return;
            quiet.Restart();
        }

        Say($"{now.Subject}: {now.Verb} {now.Done} of {now.Total}{(now.What is null ? "" : $" ({now.What})")}");
    }

    internal void Say(string text) => watcher?.OnMessage(new DiagnosticMessage(text));
}
