using System.Diagnostics;
using FluentAssertions.Common;
using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Snapshots;
using Vrp.Harness.Studies;
using Vrp.Models;
using Xunit;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>What all specs of a test run share: the configuration, and each subject's study, made once when the first spec asks for it.</summary>
public sealed class SpecSession
{
    /// <summary>Snapshot tolerances, in the ledger's folder, measured by <c>vrp noise</c>.</summary>
    const string TolerancesFile = "tolerances.json";

    static readonly Lazy<SpecSession> current =
        new(() => new SpecSession(VrpConfig.Load(VrpConfig.Find(AppContext.BaseDirectory)), ConfigOverrides.FromEnvironment()));

    readonly JudgingSession session;
    readonly Stopwatch quiet = Stopwatch.StartNew();
    readonly HashSet<(string Subject, StudyStage Stage)> begun = [];

    SpecSession(VrpConfig configured, ConfigOverrides overrides)
    {
        (Configured, Config) = (configured, overrides.ApplyTo(configured));
        // Sentences in FluentAssertions' own words fail as those in ours do.
        Services.ThrowException = Fail;
        session = new JudgingSession(Config, subject => Harness.Running.Subject.Load(ConfiguredStudy.Checkpoint(Config, subject.Checkpoint), subject.Device,
            subject.Dtype, null, Say),
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

    /// <summary>A subject's finished study. Where an optional subject did not run, the test that asks is skipped, with the reason.</summary>
    /// <exception cref="VrpException">A required subject did not run: the reason.</exception>
    public StudyResult StudyOf(string subject)
    {
        var judged = Judge(subject);
        if (judged.Study is { } study) return study;
        Assert.SkipUnless(judged.Subject.Required, $"{subject} is optional and did not run: {judged.Failure}");
        throw new VrpException($"{subject} is required and did not run: {judged.Failure}");
    }

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

    /// <summary>The comparison of all subjects. Where too few ran and none of them had to, the test that asks is skipped, with the reason.</summary>
    /// <exception cref="VrpException">Fewer than two subjects have a study, and a required one is missing.</exception>
    public Harness.Claims.Comparison Compare()
    {
        if (session.Compare() is { } comparison) return comparison;
        var missing = session.JudgeAll().Where(one => one.Failure is not null).ToArray();
        Assert.SkipUnless(missing.Any(one => one.Subject.Required),
            $"this claim compares subjects, and {(Config.Subjects.Count < Configured.Subjects.Count ? "the job runs one" : "only one can be loaded")}.");
        throw new VrpException("fewer than two subjects ran, and this claim compares them: "
            + string.Join("; ", missing.Select(one => $"{one.Subject.Name}: {one.Failure}")));
    }

    JudgedSubject Judge(string subject) => session.Judge(Config.Subjects.First(one => one.Name == subject));

    /// <summary>A line per stage and every ten seconds, as xUnit's diagnostic messages (<c>diagnosticMessages</c> in xunit.runner.json): the test host keeps
    /// what a test prints until it ends, unless `dotnet test` is run with more than its usual output.</summary>
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

    [StackTraceHidden]
    static void Fail(string message) => throw new SpecFailedException(message);

    internal static void Say(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
