using System.IO.Enumeration;
using Vrp.Models.Storage;

namespace Vrp.Harness.Snapshots;

/// <summary>Turns received files into verified ones, when a person says so: the only code that writes or deletes a verified file.</summary>
public static class SnapshotAcceptance
{
    /// <summary>What waits for acceptance.</summary>
    /// <param name="Name">Class.Method_subject=NAME.</param>
    /// <param name="Kind">New, NotEqual, or Delete.</param>
    /// <param name="Received">Path of the received file.</param>
    /// <param name="Verified">Path of the verified file, there or not.</param>
    public sealed record Pending(string Name, SnapshotKind Kind, string Received, string Verified);

    /// <summary>The received file of a verified file that is to go.</summary>
    internal const string DeletionText = "{\n  \"delete\": \"no spec makes this snapshot any more\"\n}\n";

    /// <summary>Everything below a folder that waits, sorted by name.</summary>
    /// <param name="folder">The specs' folder.</param>
    /// <param name="pattern">Null = all; with * or ? a glob over the whole name; else a part of the name. Case does not matter.</param>
    /// <exception cref="SnapshotException">A received file that no check wrote.</exception>
    public static IReadOnlyList<Pending> Find(string folder, string? pattern = null)
    {
        var matches = Matcher(pattern);
        return [.. SnapshotName.Find(folder, SnapshotName.Received).Select(Read).Where(pending => matches(pending.Name))];
    }

    /// <summary>Accepts one: the received file takes the verified one's place in one step, or both go.</summary>
    /// <exception cref="SnapshotException">This is a CI run.</exception>
    public static void Accept(Pending pending, bool continuousIntegration)
    {
        ThrowInContinuousIntegration(continuousIntegration);
        if (pending.Kind == SnapshotKind.Delete)
        {
            File.Delete(pending.Verified);
            File.Delete(pending.Received);
        }
        else File.Move(pending.Received, pending.Verified, overwrite: true);
    }

    /// <exception cref="SnapshotException">This is a CI run.</exception>
    public static void ThrowInContinuousIntegration(bool continuousIntegration)
    {
        if (continuousIntegration)
            throw new SnapshotException("the variable CI is set: verified files are accepted by a person, on their machine, and committed. "
                + "Nothing was changed.");
    }

    static Func<string, bool> Matcher(string? pattern)
    {
        if (pattern is null) return _ => true;
        foreach (var ending in new[] { SnapshotName.Received, SnapshotName.Verified })
            if (pattern.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) pattern = pattern[..^ending.Length];
        pattern = Path.GetFileName(pattern);
        return name => Matches(pattern, name);
    }

    /// <summary>Null matches all; with * or ? a glob over the whole name; else a part of the name. Case does not matter.</summary>
    internal static bool Matches(string? pattern, string name) => pattern is null
        || (pattern.IndexOfAny(['*', '?']) >= 0
            ? FileSystemName.MatchesSimpleExpression(pattern, name) : name.Contains(pattern, StringComparison.OrdinalIgnoreCase));

    static Pending Read(string received)
    {
        var verified = received[..^SnapshotName.Received.Length] + SnapshotName.Verified;
        try
        {
            var text = FileDoor.ReadAllBytes(received);
            var deletes = JsonText.Node(text, "it")!["delete"] is not null;
            if (!deletes) SnapshotText.Read(System.Text.Encoding.UTF8.GetString(text), _ => true);
            return new(SnapshotName.Base(received, SnapshotName.Received),
                deletes ? SnapshotKind.Delete : File.Exists(verified) ? SnapshotKind.NotEqual : SnapshotKind.New, received, verified);
        }
        catch (Exception error) when (error is FileException or ArgumentException or SnapshotException or InvalidOperationException or NullReferenceException)
        {
            throw new SnapshotException($"{received} is not what a snapshot check writes: {error.Message.Split('\n')[0]} "
                + "Delete it and run the specs again.", error);
        }
    }
}
