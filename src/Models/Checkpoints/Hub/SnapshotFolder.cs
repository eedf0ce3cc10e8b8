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

    /// <summary>Where the bytes of a file that it holds lie.</summary>
    public string Content(HubFile file) => Has(Blob(file), file) ? Blob(file) : Pointer(file);

    /// <summary>Whether the snapshot's entry stands, so that nothing has to be written for it.</summary>
    public bool IsLinked(HubFile file)
    {
        string blob = Blob(file), pointer = Pointer(file);
        return Has(pointer, file) && (!File.Exists(blob) || new FileInfo(pointer).LinkTarget is not { } target || Path.GetFileName(target) == file.Etag);
    }

    /// <summary>Whether the revision is noted as this commit.</summary>
    public bool HasRef => repository.Revision == commit || (File.Exists(Ref) && File.ReadAllText(Ref).Trim() == commit);

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
        if (IsLinked(file)) return;
        string blob = Blob(file), pointer = Pointer(file);
        Directory.CreateDirectory(Path.GetDirectoryName(pointer)!);
        var temporary = $"{pointer}.{Guid.NewGuid():N}.tmp";
        if (settings.Links && TryLink(temporary, Path.GetRelativePath(Path.GetDirectoryName(pointer)!, blob))) File.Move(temporary, pointer, overwrite: true);
        else File.Move(blob, pointer, overwrite: true);
    }

    /// <summary>Notes what the revision means. Last of all: until then the name means the commit that it meant before.</summary>
    public void WriteRef()
    {
        if (HasRef) return;
        Directory.CreateDirectory(Path.GetDirectoryName(Ref)!);
        AtomicFile.WriteText(Ref, commit);
    }

    /// <summary>Notes that the commit has no such file, so that nobody asks again.</summary>
    public void WriteAbsent(string name)
    {
        var path = Path.Combine(root, ".no_exist", commit, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, []);
    }

    string Ref => Path.GetFullPath(Path.Combine(root, "refs", repository.Revision));

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
