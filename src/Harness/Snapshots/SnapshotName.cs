namespace Vrp.Harness.Snapshots;

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
