using System.Diagnostics;
using Vrp.Harness.Snapshots;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A subject's snapshots, in the specs' folder.</summary>
/// <param name="session">The run.</param>
/// <param name="subject">The subject.</param>
public sealed class SpecSnapshots(SpecSession session, string subject)
{
    LabelSnapshot Samples => LabelSnapshot.Of(session.StudyOf(subject), session.KernelsOf(subject));

    SnapshotOptions Options => new() { Rules = new SnapshotRules(session.ProfileOf(subject), session.Tolerances), Samples = Samples };

    /// <summary>Holds a snapshot of numbers against its verified file.</summary>
    public SnapshotResult Check(string folder, string className, string methodName, string name, ISnapshot snapshot) =>
        Told(SnapshotFile.Check(folder, className, methodName, name, snapshot, Options));

    /// <summary>Holds every answer's label against the verified ones, and fails the spec where one differs.</summary>
    [StackTraceHidden]
    public void VerifySamples()
    {
        if (Told(SnapshotFile.CheckSamples(session.Folder, subject, Samples, Options)) is { Failed: true } result) throw new SpecFailedException(result.Text);
    }

    /// <summary>Differences that do not fail are printed while the run lasts.</summary>
    static SnapshotResult Told(SnapshotResult result)
    {
        if (!result.Failed)
            foreach (var note in result.Details) SpecSession.Say($"{result.Name}: {note}");
        return result;
    }

    /// <summary>Verified files that no spec of an assembly makes any more.</summary>
    public static IReadOnlyList<SnapshotResult> Stale(SpecSession session, System.Reflection.Assembly specs)
    {
        var names = session.Configured.Subjects.Select(subject => SnapshotName.Samples(subject.Name)).Concat(
            from type in specs.GetTypes()
            from method in type.GetMethods()
            where method.GetCustomAttributes(typeof(ClaimAttribute), false).Length > 0
            from subject in session.Configured.Subjects
            select SnapshotName.Of(type.Name, method.Name, subject.Name));
        return SnapshotFile.Stale(session.Folder, [.. names], new SnapshotOptions { Rules = new SnapshotRules("", session.Tolerances) });
    }
}
