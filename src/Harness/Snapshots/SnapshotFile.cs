using Vrp.Models.Storage;

namespace Vrp.Harness.Snapshots;

/// <summary>Holds snapshots against the files beside the specs. Writes received files only; a verified file is written by <see cref="SnapshotAcceptance"/>
/// alone.</summary>
public static class SnapshotFile
{
    /// <summary>Checks one. Equal removes an older received file, everything else leaves one.</summary>
    /// <param name="folder">Where the spec's source lies.</param>
    /// <param name="className">The spec's class.</param>
    /// <param name="methodName">The spec's method.</param>
    /// <param name="subject">The model, or "all".</param>
    /// <param name="snapshot">What this run found.</param>
    /// <param name="options">Numerics profile, questions.</param>
    public static SnapshotResult Check(string folder, string className, string methodName, string subject, ISnapshot snapshot, SnapshotOptions options)
    {
        var name = SnapshotName.Of(className, methodName, subject);
        var (verified, received) = (Path.Combine(folder, name + SnapshotName.Verified), Path.Combine(folder, name + SnapshotName.Received));
        var text = snapshot.Text;
        if (!File.Exists(verified)) return Fail(SnapshotKind.New, verified, received, text, ["no verified file yet"], [], options);

        var differences = Differences(snapshot, verified, options.Rules);
        if (differences.Lines.Count == 0)
        {
            File.Delete(received);
            return new(SnapshotKind.Equal, verified, differences.Notes, []);
        }

        var moves = Moves(folder, subject, snapshot, options, out var described);
        return Fail(SnapshotKind.NotEqual, verified, received, text, [.. differences.Lines, .. differences.Notes, .. described], moves, options);
    }

    /// <summary>The label snapshot of a subject: one more file, checked like the others.</summary>
    public static SnapshotResult CheckSamples(string folder, string subject, LabelSnapshot samples, SnapshotOptions options) =>
        Check(folder, SnapshotName.SamplesClass, SnapshotName.SamplesMethod, subject, samples, options with { Samples = samples });

    /// <summary>Verified files that no spec makes any more: each fails, and is marked for <c>vrp accept</c> to delete.</summary>
    /// <param name="folder">Where the specs' sources lie.</param>
    /// <param name="claimed">Names (<see cref="SnapshotName.Of"/>) that the specs make, all of them: not only those of a filtered run.</param>
    /// <param name="options">As for a check.</param>
    /// <exception cref="SnapshotException"><paramref name="claimed"/> is empty: every file would be stale.</exception>
    public static IReadOnlyList<SnapshotResult> Stale(string folder, IReadOnlyCollection<string> claimed, SnapshotOptions options)
    {
        if (claimed.Count == 0) throw new SnapshotException($"no spec claims a snapshot in {folder}: expected the names of all of them.");
        var names = claimed.ToHashSet(StringComparer.Ordinal);
        return [.. SnapshotName.Find(folder, SnapshotName.Verified).Where(path => !names.Contains(SnapshotName.Base(path, SnapshotName.Verified)))
            .Select(path => Fail(SnapshotKind.Delete, path, path[..^SnapshotName.Verified.Length] + SnapshotName.Received,
                SnapshotAcceptance.DeletionText, ["no spec makes it any more"], [], options))];
    }

    static SnapshotDifferences Differences(ISnapshot snapshot, string verified, SnapshotRules rules)
    {
        try
        {
            return snapshot.Differences(FileDoor.ReadAllText(verified), rules);
        }
        catch (SnapshotException error)
        {
            return new([$"the verified file {error.Message}"], []);
        }
    }

    /// <summary>What moved among the questions, against the subject's verified label snapshot. The label snapshot itself names them in its own
    /// differences.</summary>
    static IReadOnlyList<LabelMove> Moves(string folder, string subject, ISnapshot snapshot, SnapshotOptions options, out IReadOnlyList<string> lines)
    {
        lines = [];
        var path = Path.Combine(folder, SnapshotName.Samples(subject) + SnapshotName.Verified);
        if (options.Samples is not { } samples || !File.Exists(path)) return [];
        var own = ReferenceEquals(samples, snapshot);
        try
        {
            var moves = samples.Moves(FileDoor.ReadAllText(path));
            if (!own) lines = moves is null ? ["the questions are others than those of the verified answers"]
                : moves.Count == 0 ? ["no sample moved"] : [.. LabelSnapshot.Describe(moves, samples.Count)];
            return moves ?? [];
        }
        catch (SnapshotException error)
        {
            if (!own) lines = [$"which samples moved is unknown: {Path.GetFileName(path)} {error.Message}"];
            return [];
        }
    }

    static SnapshotResult Fail(SnapshotKind kind, string verified, string received, string text,
        IReadOnlyList<string> details, IReadOnlyList<LabelMove> moves, SnapshotOptions options)
    {
        SnapshotText.Write(received, text);
        // The folder is spelt out, so that the line works as it stands from wherever it is pasted.
        var folder = Path.GetDirectoryName(Path.GetFullPath(verified));
        var accept = $"{Program(verified)} accept \"{SnapshotName.Base(verified, SnapshotName.Verified)}\" --snapshots \"{folder}\"";
        string[] next = options.ContinuousIntegration
            ? [$"received: {received}", "CI accepts nothing: run the specs on your machine, review, `vrp accept` and commit"]
            : [$"received: {received}", $"after a review: {accept}"];
        return new(kind, verified, [.. details, .. next], moves);
    }

    /// <summary>What starts the command line: this repository's own script where the snapshots lie in it, which needs no installation and no working folder;
    /// else the installed tool.</summary>
    static string Program(string verified)
    {
        for (var at = Directory.GetParent(Path.GetFullPath(verified)); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "vrp"))
                && File.Exists(Path.Combine(at.FullName, "Harness.sln"))) return $"\"{Path.Combine(at.FullName, "vrp")}\"";
        return "vrp";
    }
}
