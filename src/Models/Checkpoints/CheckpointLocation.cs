using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Checkpoints;

/// <summary>Where a checkpoint lies: what the user wrote, resolved to a folder.</summary>
/// <param name="Folder">Full path of the folder with config.json.</param>
/// <param name="Name">The repository <c>org/name</c> where the folder is a hub snapshot, else the folder's name.</param>
/// <param name="HowToGet">What to do when a file of it is missing, as a sentence.</param>
sealed record CheckpointLocation(string Folder, string Name, string HowToGet)
{
    /// <summary>Resolves a folder, a hub snapshot, a repository's folder in a hub cache, or <c>org/name[@revision]</c>. An existing folder wins over a
    /// repository of that name.</summary>
    public static CheckpointLocation Find(string pathOrRepository, HubCache cache)
    {
        if (Directory.Exists(pathOrRepository))
        {
            var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(pathOrRepository));
            if (LinkedFile.Exists(Path.Combine(folder, Checkpoint.ConfigFile))) return At(folder);
            return RepositoryFolder(folder) is { } repository ? At(new HubCache(Path.GetDirectoryName(folder)!).Snapshot(repository)) : At(folder);
        }

        if (LinkedFile.Exists(pathOrRepository))
            throw new CheckpointNotFoundException(pathOrRepository,
                $"{pathOrRepository} is a file; expected the checkpoint's folder, the one that holds {Checkpoint.ConfigFile}.");
        if (HubCache.TryParse(pathOrRepository, out var name, out var revision)) return At(cache.Snapshot(name, revision));
        throw new CheckpointNotFoundException(pathOrRepository,
            $"{pathOrRepository} is no folder, nor of the form org/name or org/name@revision. "
            + $"Give a checkpoint's folder or a repository of the local hub cache ({cache.Root}).");
    }

    static CheckpointLocation At(string folder) => HubCache.RepositoryOf(folder) is { } repository
        ? new(folder, repository, $"Complete the download with: {HubCache.DownloadCommand(repository, Path.GetFileName(folder))}")
        : new(folder, Path.GetFileName(folder), "Download or copy the checkpoint again.");

    /// <summary><c>models--org--name</c> itself, with its snapshots below.</summary>
    static string? RepositoryFolder(string folder) =>
        Directory.Exists(Path.Combine(folder, "snapshots")) ? HubCache.RepositoryOf(Path.Combine(folder, "snapshots", "main")) : null;
}

/// <summary>Files that may be links into the hub cache's blobs.</summary>
static class LinkedFile
{
    /// <summary>Whether the file is there at the end of its links: <c>File.Exists</c> is true of a link whose target is gone (an interrupted download, a
    /// cleaned cache).</summary>
    public static bool Exists(string path)
    {
        try
        {
            return File.Exists(path) && (new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.Exists ?? true);
        }
        catch (IOException)     // links in a circle
        {
            return false;
        }
    }
}
