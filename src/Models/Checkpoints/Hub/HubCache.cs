using System.Text;
using System.Text.RegularExpressions;
using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>The local cache of the Hugging Face hub (huggingface_hub, "Understand caching"): below <see cref="Root"/> lie
/// <c>models--ORG--NAME/{blobs,refs,snapshots}</c>; <c>refs/main</c> holds a commit hash, <c>snapshots/HASH</c> the files of that commit as links into
/// <c>blobs</c>. This class only looks; <see cref="HubFetch"/> brings.</summary>
public sealed partial class HubCache(string root)
{
    const int ShortestHash = 4, LongestRef = 1024;

    public string Root { get; } = root;

    /// <summary>The cache that huggingface_hub would use: <c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>XDG_CACHE_HOME/huggingface/hub</c>, else
    /// <c>~/.cache/huggingface/hub</c>.</summary>
    public static HubCache FromEnvironment() => FromVariables(Environment.GetEnvironmentVariable);

    internal static HubCache FromVariables(Func<string, string?> variable)
    {
        var named = Set(variable, "HF_HUB_CACHE") ?? Set(variable, "HUGGINGFACE_HUB_CACHE");
        return new HubCache(named is null ? Path.Combine(HomeOf(variable), "hub") : Expanded(named, variable));
    }

    /// <summary>The folder of cache and token file: <c>HF_HOME</c>, else <c>huggingface</c> in the user's cache folder.</summary>
    internal static string HomeOf(Func<string, string?> variable) => Expanded(
        Set(variable, "HF_HOME") ?? Path.Combine(Set(variable, "XDG_CACHE_HOME") ?? Path.Combine(UserFolder(variable), ".cache"), "huggingface"), variable);

    /// <summary>As Python's expanduser and expandvars do: a <c>~</c> in front, and <c>$NAME</c> or <c>${NAME}</c> of variables that are set.</summary>
    internal static string Expanded(string path, Func<string, string?> variable) => VariableForm().Replace(
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? UserFolder(variable) + path[1..] : path,
        match => variable(match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value) ?? match.Value);

    static string UserFolder(Func<string, string?> variable) => Set(variable, "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    static string? Set(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Whether a text has the form <c>org/name</c> or <c>org/name@revision</c>.</summary>
    public static bool TryParse(string text, out string repository, out string? revision)
    {
        var match = RepositoryForm().Match(text);
        (repository, revision) = (match.Groups[1].Value, match.Groups[2].Success ? match.Groups[2].Value : null);
        return match.Success;
    }

    /// <summary>The commit of a snapshot folder; null for other folders.</summary>
    public static string? CommitOf(string folder) => RepositoryOf(folder) is null ? null
        : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>The repository of a snapshot folder (<c>models--ORG--NAME/snapshots/HASH</c>) of any hub cache; null for other folders.</summary>
    public static string? RepositoryOf(string folder)
    {
        var snapshots = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Parent;
        return snapshots is { Name: "snapshots", Parent.Name: var name } && name.Split("--") is ["models", var org, .. { Length: > 0 } rest]
            ? $"{org}/{string.Join("--", rest)}" : null;
    }

    /// <summary>The snapshot folder of a repository. A revision is a branch, tag or <c>refs/pr/N</c> that was downloaded, a commit hash or the unique beginning
    /// of one; <c>main</c> when not said.</summary>
    /// <exception cref="CheckpointNotFoundException">It is not in the cache, or several snapshots match.</exception>
    public string Snapshot(string repository, string? revision = null)
    {
        var folder = Path.Combine(Root, "models--" + repository.Replace("/", "--"));
        var hashes = Snapshots(folder);
        if (hashes.Length == 0) throw NotFound(folder, $"{repository} is not in the hub cache {Root}.", repository, revision);

        var asked = revision ?? "main";
        var hash = ReadRef(folder, asked) ?? asked;
        string[] matches = hashes.Contains(hash) ? [hash] : hash.Length < ShortestHash ? []
            : [.. hashes.Where(h => h.StartsWith(hash, StringComparison.Ordinal))];
        return matches switch
        {
            [var only] => Path.Combine(folder, "snapshots", only),
            [] => throw NotFound(folder, $"{repository} is in the hub cache {Root}, but not its revision '{asked}'. "
                + $"Snapshots there: {string.Join(", ", hashes.Select(h => $"{repository}@{h}"))}.", repository, revision),
            _ => throw new CheckpointNotFoundException(folder,
                $"The revision '{asked}' of {repository} is ambiguous in {Root}: {string.Join(", ", matches)}. Give more of the commit hash."),
        };
    }

    /// <summary>The command that puts a repository into the cache.</summary>
    public static string DownloadCommand(string repository, string? revision = null) => $"vrp fetch {repository}{(revision is null ? "" : $"@{revision}")}";

    static CheckpointNotFoundException NotFound(string folder, string what, string repository, string? revision) =>
        new(folder, string.Join(Environment.NewLine, what,
            $"Get it with: {DownloadCommand(repository, revision)}",
            "or add --fetch to this command, or set HF_HUB_CACHE or HF_HOME to the cache that holds it."));

    static string[] Snapshots(string folder)
    {
        var snapshots = Path.Combine(folder, "snapshots");
        return Directory.Exists(snapshots) ? [.. Directory.GetDirectories(snapshots).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)] : [];
    }

    static string? ReadRef(string folder, string name)
    {
        if (name.Split('/').Any(part => part is "" or "." or "..")) return null;
        var file = Path.Combine(folder, "refs", name);
        return File.Exists(file) ? Encoding.UTF8.GetString(FileDoor.ReadAllBytes(file, LongestRef)).Trim() : null;
    }

    [GeneratedRegex(@"^([A-Za-z0-9_][\w.-]*/[A-Za-z0-9_][\w.-]*)(?:@([\w./-]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryForm();

    [GeneratedRegex(@"\$(?:(\w+)|\{([^}]*)\})", RegexOptions.CultureInvariant)]
    private static partial Regex VariableForm();
}
