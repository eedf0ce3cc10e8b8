using System.Text;

namespace Vrp.Models.Storage;

/// <summary>A file that appears under its name whole or not at all: written beside it, flushed to the disk, renamed by <see cref="Commit"/>. What is not
/// committed is removed, and an older file of that name stays as it was.</summary>
public sealed class AtomicFile : IDisposable
{
    /// <summary>Ending of files that are being written; what a killed run leaves of them is removed by the next.</summary>
    public const string Temporary = ".tmp";

    static int made;

    readonly string path, temporary;
    readonly Func<string, Stream> create;
    Stream? stream;
    bool committed;

    AtomicFile(string path, Func<string, Stream>? create)
    {
        // The process and a number of its own: neither two runs nor two threads write into one another's file.
        (this.path, temporary) = (path, $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref made)}{Temporary}");
        this.create = create ?? DefaultCreate;
    }

    /// <summary>How files are created; a test puts a full disk in its place.</summary>
    public static Func<string, Stream> DefaultCreate { get; } = path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);

    /// <summary>What is written so far.</summary>
    public Stream Stream => stream!;

    /// <summary>Begins a file that is written bit by bit.</summary>
    /// <exception cref="FileException">Its folder cannot be written.</exception>
    public static AtomicFile Open(string path, Func<string, Stream>? create = null)
    {
        if (Directory.Exists(path)) throw new FileException(path, "is a folder; expected the name of a file to write.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new FileException(path, $"cannot be written: there is no folder {folder}. Make it, or give another.");
        var file = new AtomicFile(path, create);
        file.Guard(() => file.stream = file.create(file.temporary));
        return file;
    }

    /// <summary>Writes a file at once.</summary>
    /// <exception cref="FileException">The disk is full, the folder unwritable…</exception>
    public static void Write(string path, Action<Stream> write, Func<string, Stream>? create = null)
    {
        using var file = Open(path, create);
        file.Guard(() => write(file.Stream));
        file.Commit();
    }

    /// <inheritdoc cref="Write(string, Action{Stream}, Func{string, Stream}?)"/>
    public static void Write(string path, ReadOnlyMemory<byte> content, Func<string, Stream>? create = null) =>
        Write(path, stream => stream.Write(content.Span), create);

    /// <summary>Writes a text as UTF-8 without a mark.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, Func{string, Stream}?)"/>
    public static void WriteText(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Several files of which all take their names, in this order, or none: whatever can fail for want of room has been written by then. A process
    /// that is killed between two renames leaves a mixture, which the last file has to give away.</summary>
    /// <exception cref="FileException">As in <see cref="Write(string, Action{Stream}, Func{string, Stream}?)"/>; all older files are left as they
    /// were.</exception>
    public static void WriteTogether(IReadOnlyList<(string Path, Action<Stream> Write)> files, Func<string, Stream>? create = null)
    {
        var open = new List<AtomicFile>();
        try
        {
            foreach (var (path, write) in files)
            {
                open.Add(Open(path, create));
                open[^1].Guard(() => write(open[^1].Stream));
                open[^1].Close();
            }
            foreach (var file in open) file.Rename();
        }
        finally
        {
            foreach (var file in open) file.Dispose();
        }
    }

    /// <summary>Puts the file under its name.</summary>
    /// <exception cref="FileException">The last bytes do not fit, or the name cannot be taken.</exception>
    public void Commit()
    {
        Close();
        Rename();
    }

    /// <summary>Removes what was not committed. Where even that fails (a read-only disk), the next run does.</summary>
    public void Dispose()
    {
        if (stream is { } open) Quietly(open.Dispose);        // a full disk: the last bytes of its buffer do not fit either
        stream = null;
        if (!committed) Quietly(() => File.Delete(temporary));
    }

    void Close() => Guard(() =>
    {
        Stream.Flush();
        (Stream as FileStream)?.Flush(flushToDisk: true);
        Stream.Dispose();
        stream = null;
    });

    void Rename() => Guard(() =>
    {
        File.Move(temporary, path, overwrite: true);
        committed = true;
    });

    void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new FileException(path, $"cannot be written: {e.Message} Make room or give another folder, then run the same command again: what is "
                + "finished is kept.", e);
        }
    }

    static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            System.Diagnostics.Debug.WriteLine(e.Message);
        }
    }
}
