using Vrp.Models.Storage;

namespace Vrp.Harness.Snapshots;

/// <summary>Holds snapshots against the files beside the specs. Writes received files only; a verified file is written by <see cref="SnapshotAcceptance"/>
/// alone.</summary>
public static class SnapshotFile
{
    /// <summary>Checks one. Equal removes an older received file, everything else leaves one.</summary>
    /// <param name="folder">Folder of the spec's source.</param>
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
    public static SnapshotResult CheckSamples(string folder, string subject, LabelSnapshot labels, SnapshotOptions options) =>
        Check(folder, SnapshotName.SamplesClass, SnapshotName.SamplesMethod, subject, labels, options with { Samples = labels });

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
        if (options.Samples is not { } labels || !File.Exists(path)) return [];
        var own = ReferenceEquals(labels, snapshot);
        try
        {
            var moves = labels.Moves(FileDoor.ReadAllText(path));
            if (!own) lines = moves is null ? ["the questions are others than those of the verified answers"]
                : moves.Count == 0 ? ["no question moved"] : [.. LabelSnapshot.Describe(moves, labels.Count)];
            return moves ?? [];
        }
        catch (SnapshotException error)
        {
            if (!own) lines = [$"which questions moved is unknown: {Path.GetFileName(path)} {error.Message}"];
            return [];
        }
    }

    static SnapshotResult Fail(SnapshotKind kind, string verified, string received, string text,
        IReadOnlyList<string> details, IReadOnlyList<LabelMove> moves, SnapshotOptions options)
    {
        SnapshotText.Write(received, text);
        // The folder is spelt out, so that the line works from any working folder.
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

/// <summary>A snapshot held against its verified file.</summary>
/// <param name="Kind">Equal, New, NotEqual or Delete.</param>
/// <param name="Verified">Path of the verified file.</param>
/// <param name="Details">What a reviewer has to see, a line each; of an Equal one what differs and is not judged.</param>
/// <param name="Moved">Questions that are judged otherwise than verified; empty where that is unknown.</param>
public sealed record SnapshotResult(SnapshotKind Kind, string Verified, IReadOnlyList<string> Details, IReadOnlyList<LabelMove> Moved)
{
    /// <summary>Anything but Equal fails.</summary>
    public bool Failed => Kind != SnapshotKind.Equal;

    /// <summary>Class.Method_subject=NAME.</summary>
    public string Name => SnapshotName.Base(Verified, SnapshotName.Verified);

    /// <summary>Path of the received file; there is one unless the two are equal.</summary>
    public string Received => Verified[..^SnapshotName.Verified.Length] + SnapshotName.Received;

    /// <summary>For people and tools: the first line is "Kind: file", the lines after it are indented.</summary>
    public string Text => string.Join("\n", Details.Select(line => $"  {line}").Prepend($"{Kind}: {Path.GetFileName(Verified)}"));

    /// <summary>Fails the spec.</summary>
    /// <exception cref="SnapshotException">With <see cref="Text"/>, unless the snapshot is Equal.</exception>
    public void ThrowUnlessEqual()
    {
        if (Failed) throw new SnapshotException(Text);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>How a received snapshot compares with the verified one, in Verify's words.</summary>
public enum SnapshotKind
{
    /// <summary>Every metric is within its tolerance and everything else is the same.</summary>
    Equal,

    /// <summary>There is no verified file yet: fails until <c>vrp accept</c> makes one.</summary>
    New,

    /// <summary>Something moved by more than the verified file allows.</summary>
    NotEqual,

    /// <summary>A verified file that no spec makes any more.</summary>
    Delete,
}

/// <summary>Verify's file names: Class.Method_subject=NAME.verified.json, and .received.json beside it.</summary>
public static class SnapshotName
{
    /// <summary>Ending of what is committed.</summary>
    public const string Verified = ".verified.json";

    /// <summary>Ending of what a run made; git ignores it.</summary>
    public const string Received = ".received.json";

    /// <summary>Class and method of the label snapshots: one file a subject, whatever the number of claims.</summary>
    public const string SamplesClass = "Samples", SamplesMethod = "Labels";

    /// <summary>The name without its ending. What a file name cannot hold becomes '-'; the file itself holds the subject's name as it is.</summary>
    /// <exception cref="SnapshotException">A part is empty.</exception>
    public static string Of(string className, string methodName, string subject)
    {
        foreach (var (what, part) in new[] { ("class", className), ("method", methodName), ("subject", subject) })
            if (string.IsNullOrWhiteSpace(part)) throw new SnapshotException($"a snapshot's {what} has no name.");
        return $"{Safe(className)}.{Safe(methodName)}_subject={Safe(subject)}";
    }

    /// <summary>The name of a subject's label snapshot.</summary>
    public static string Samples(string subject) => Of(SamplesClass, SamplesMethod, subject);

    /// <summary>The snapshots of an ending below a folder, without build outputs; sorted by name. A received ledger ends alike and is none.</summary>
    internal static string[] Find(string folder, string ending) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, $"*_subject=*{ending}", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[..^1].Any(part => part is "bin" or "obj" or "artifacts"))
            .Order(StringComparer.Ordinal)];

    internal static string Base(string path, string ending) => Path.GetFileName(path)[..^ending.Length];

    static string Safe(string part) => string.Concat(part.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+' ? c : '-'));
}
