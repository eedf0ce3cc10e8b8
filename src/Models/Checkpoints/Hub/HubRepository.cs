using System.Text.RegularExpressions;
using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>A repository of the hub at a revision: what addresses and cache folders are made of.</summary>
/// <param name="Id"><c>org/name</c>.</param>
/// <param name="Revision">A branch, tag, <c>refs/pr/N</c> or commit.</param>
public sealed partial record HubRepository(string Id, string Revision = "main")
{
    const int LongestId = 96;

    /// <summary>models or datasets.</summary>
    public string Kind { get; init; } = "models";

    /// <summary><c>org/name</c> or <c>org/name@revision</c>, by the hub's own rules for names.</summary>
    /// <exception cref="HubException">It is none.</exception>
    public static HubRepository Parse(string text)
    {
        var form = HubCache.TryParse(text, out var id, out var revision);
        var valid = form && id.Length <= LongestId && !id.Contains("--", StringComparison.Ordinal) && !id.Contains("..", StringComparison.Ordinal)
            && !id.EndsWith(".git", StringComparison.Ordinal) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
            && (revision is null || FileDoor.IsInside(revision));
        return valid ? new HubRepository(id, revision ?? "main") : throw new HubException(HubProblem.RepositoryNotFound,
            $"\"{Display.Name(text)}\" is no name on the hub; expected org/name or org/name@revision: letters, digits, - _ and ., at most {LongestId}, "
                + "without -- or .., not ending in .git.");
    }

    /// <summary>As a person writes it.</summary>
    public string Name => Revision == "main" ? Id : $"{Id}@{Revision}";

    /// <summary>Whether the revision is a whole commit: then nothing has to be asked.</summary>
    public bool IsPinned => IsCommit(Revision);

    internal string CacheFolder => $"{Kind}--{Id.Replace("/", "--", StringComparison.Ordinal)}";

    internal string InfoPath => $"/api/{Kind}/{Id}/revision/{Uri.EscapeDataString(Revision)}";

    internal string TreePath(string commit) => $"/api/{Kind}/{Id}/tree/{commit}?recursive=true&expand=false";

    internal string FilePath(string revision, string path) => (Kind == "models" ? "" : $"/{Kind}")
        + $"/{Id}/resolve/{Uri.EscapeDataString(revision)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    internal string Page => $"{(Kind == "models" ? "" : $"/{Kind}")}/{Id}";

    internal static bool IsCommit(string? text) => text is not null && Commit().IsMatch(text);

    [GeneratedRegex(@"^[0-9a-f]{40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Commit();
}

/// <summary>Names that somebody else's server gives and that become paths of this machine.</summary>
static class SafePath
{
    /// <exception cref="HubException">It leads out.</exception>
    public static string Check(string name, string where) => FileDoor.IsInside(name) ? name : throw new HubException(HubProblem.Hostile,
        $"{where} names a file '{Display.Name(name)}', which is no path inside a repository. Nothing was fetched; do not use it unless you know who wrote it.");
}
