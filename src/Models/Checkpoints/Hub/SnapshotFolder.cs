using Vrp.Models.Storage;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>A repository's folder in the cache, as huggingface_hub lays it out: contents in <c>blobs</c> by their hash, each commit in <c>snapshots</c> as
/// relative links to them, branches and tags in <c>refs</c>, names that a commit has not in <c>.no_exist</c>. Where links are refused the file itself lies in
/// the snapshot.</summary>
sealed class SnapshotFolder(HubSettings settings, HubRepository repository, string commit, Machine machine)
{
    readonly string root = Path.Combine(settings.Cache, repository.CacheFolder);
    readonly string locks = Path.Combine(settings.Cache, ".locks", repository.CacheFolder);

    public string Folder => Path.Combine(root, "snapshots", commit);

    public string Blob(HubFile file) => Path.Combine(root, "blobs", file.Etag);

    public string Lock(HubFile file) => Path.Combine(locks, file.Etag + ".lock");

    /// <summary>Where the file stands in the snapshot.</summary>
    public string Pointer(HubFile file)
    {
        string folder = Folder, path = Path.GetFullPath(Path.Combine(folder, file.Path));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path
            : throw new HubException(HubProblem.Hostile, $"'{Display.Name(file.Path)}' leads out of {folder}.");
    }

    /// <summary>Whether the content is there, as a blob or without links in the snapshot. Another program's broken download has the name but not the
    /// size.</summary>
    public bool Holds(HubFile file) => Has(Blob(file), file) || Has(Pointer(file), file);

    /// <summary>Bytes of it that an earlier run has received.</summary>
    public long Received(HubFile file) => Holds(file) ? file.Size ?? 0 : new FileInfo(Blob(file) + ".incomplete") is { Exists: true } partial
        ? Math.Min(partial.Length, file.Size ?? long.MaxValue) : 0;

    public void Prepare()
    {
        foreach (var folder in new[] { Path.Combine(root, "blobs"), locks, Folder }) Directory.CreateDirectory(folder);
    }

    /// <summary>Puts a received file where it belongs. Its hash was checked.</summary>
    public void Place(HubFile file, string received)
    {
        var blob = Blob(file);
        File.Move(received, blob, overwrite: true);
        Link(file);
    }

    /// <summary>Makes the snapshot's entry of a blob that is there.</summary>
    public void Link(HubFile file)
    {
        string blob = Blob(file), pointer = Pointer(file);
        if (Has(pointer, file) && (!File.Exists(blob) || new FileInfo(pointer).LinkTarget is null
            || Path.GetFileName(new FileInfo(pointer).LinkTarget) == file.Etag)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(pointer)!);
        var temporary = $"{pointer}.{Guid.NewGuid():N}.tmp";
        if (settings.Links && TryLink(temporary, Path.GetRelativePath(Path.GetDirectoryName(pointer)!, blob))) File.Move(temporary, pointer, overwrite: true);
        else File.Move(blob, pointer, overwrite: true);
    }

    /// <summary>Notes what the revision means. Last of all: until then the name means the commit that it meant before.</summary>
    public void WriteRef()
    {
        if (repository.Revision == commit) return;
        var path = Path.GetFullPath(Path.Combine(root, "refs", repository.Revision));
        if (File.Exists(path) && File.ReadAllText(path) == commit) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteText(path, commit);
    }

    /// <summary>Notes that the commit has no such file, so that nobody asks again.</summary>
    public void WriteAbsent(string name)
    {
        var path = Path.Combine(root, ".no_exist", commit, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, []);
    }

    bool TryLink(string path, string target)
    {
        try
        {
            machine.CreateLink(path, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    static bool Has(string path, HubFile file) => LinkedFile.Exists(path) && (file.Size is null || Length(path) == file.Size);

    static long Length(string path)
    {
        var info = new FileInfo(path);
        return (info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info).Length;
    }
}
