namespace Vrp.Harness.Running;

/// <summary>Files that appear under their name whole or not at all: written beside it, flushed to the disk, then renamed.</summary>
static class AtomicFile
{
    /// <summary>Ending of files that are being written; what a killed run leaves of them is removed by the next.</summary>
    public const string Temporary = ".tmp";

    /// <summary>How files are created; a test puts a full disk in its place.</summary>
    internal static Func<string, Stream> DefaultCreate { get; } = path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);

    /// <exception cref="StoreException">The disk is full, the folder unwritable…; an older file of that name is left as it was.</exception>
    public static void Write(string path, Action<Stream> write, Func<string, Stream>? create = null)
    {
        string temporary = $"{path}.{Environment.ProcessId}{Temporary}";
        try
        {
            using (var stream = (create ?? DefaultCreate)(temporary))
            {
                write(stream);
                stream.Flush();
                (stream as FileStream)?.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw new StoreException($"{path} cannot be written: {e.Message} Make room or give another folder, then run the same command again: what is finished is kept.", e);
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
