namespace Vrp.Harness.Running;

/// <summary>Files that appear under their name whole or not at all: written beside it, flushed to the disk, then renamed.</summary>
static class AtomicFile
{
    /// <summary>Ending of files that are being written; what a killed run leaves of them is removed by the next.</summary>
    public const string Temporary = ".tmp";

    /// <summary>How files are created; a test puts a full disk in its place.</summary>
    internal static Func<string, Stream> DefaultCreate { get; } = path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);

    /// <exception cref="StoreException">The disk is full, the folder unwritable…; an older file of that name is left as it was.</exception>
    public static void Write(string path, Action<Stream> write, Func<string, Stream>? create = null) => WriteTogether([(path, write)], create);

    /// <summary>Several files of which all take their names, in this order, or none: whatever can fail for want of room has been written by then. A process that is killed
    /// between two renames leaves a mixture, which the last file has to give away.</summary>
    /// <exception cref="StoreException">As in <see cref="Write"/>; all older files are left as they were.</exception>
    public static void WriteTogether(IReadOnlyList<(string Path, Action<Stream> Write)> files, Func<string, Stream>? create = null)
    {
        string Temporary(string path) => $"{path}.{Environment.ProcessId}{AtomicFile.Temporary}";
        string at = files[0].Path;
        try
        {
            foreach (var (path, write) in files)
            {
                at = path;
                using var stream = (create ?? DefaultCreate)(Temporary(path));
                write(stream);
                stream.Flush();
                (stream as FileStream)?.Flush(flushToDisk: true);
            }
            foreach (var (path, _) in files)
            {
                at = path;
                File.Move(Temporary(path), path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (var (path, _) in files) TryDelete(Temporary(path));
            throw new StoreException($"{at} cannot be written: {e.Message} Make room or give another folder, then run the same command again: what is finished is kept.", e);
        }
    }

    /// <summary>The half-written file of a failed write: where even deleting fails (a read-only disk), the next run removes it.</summary>
    static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            System.Diagnostics.Debug.WriteLine(e.Message);
        }
    }
}
