using System.Runtime.InteropServices;

namespace Vrp.Models.Storage;

/// <summary>Files that somebody else names or wrote: every path of a configuration, a question file, an index or an option is opened here. A path that is none,
/// a pipe or a device (which would hang or never end), a folder and a name that leads out of its folder are each a <see cref="FileException"/>.</summary>
public static partial class FileDoor
{
    /// <summary>Largest file that is read into memory at once.</summary>
    public const long Largest = 1L << 30;

    /// <summary>Whether there is a file of any kind under a path; a path that cannot be one (empty, with a NUL) has none.</summary>
    public static bool Exists(string path) => IsPath(path) && File.Exists(path);

    /// <summary>Whether a text can be a path at all: not blank, and without control characters, which no tool prints as they are.</summary>
    public static bool IsPath(string path) => !string.IsNullOrWhiteSpace(path) && !path.Any(char.IsControl);

    /// <summary>Whether a relative name stays in its folder on every system: no <c>..</c>, no root, no drive, no backslash, no control character.</summary>
    public static bool IsInside(string name) =>
        name.Length is > 0 and < 1024 && !Path.IsPathRooted(name) && !name.Any(c => char.IsControl(c) || c is '\\' or ':')
        && name.Split('/').All(part => part.Trim() is not ("" or "." or ".."));

    /// <summary>A path that a file or an option names, as seen from a folder.</summary>
    /// <param name="folder">Where a relative path begins.</param>
    /// <param name="path">As it is written.</param>
    /// <param name="source">Who names it, for the message.</param>
    /// <exception cref="FileException">It is no path.</exception>
    public static string Resolve(string folder, string path, string source) => IsPath(path) ? Path.GetFullPath(path, Path.GetFullPath(folder))
        : throw new FileException(source,
            $"names \"{PlainText.Line(path, 80)}\", which is no path: it is blank or holds control characters. Write the file's name.");

    /// <summary>All bytes of a regular file.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="largest">In bytes.</param>
    /// <exception cref="FileException">It is not there, cannot be read, is no regular file, or is larger.</exception>
    public static byte[] ReadAllBytes(string path, long largest = Largest)
    {
        using var stream = OpenRead(path);
        try
        {
            if (stream.Length > largest)
                throw new FileException(path, $"has {stream.Length} bytes; expected at most {largest}. Is it the right file?");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException e)
        {
            throw CannotRead(path, e);
        }
    }

    /// <summary>The text of a UTF-8 file, without a mark.</summary>
    /// <exception cref="FileException">As in <see cref="ReadAllBytes"/>, or it is no UTF-8 text.</exception>
    public static string ReadAllText(string path) => System.Text.Encoding.UTF8.GetString(JsonText.Utf8Text(ReadAllBytes(path), path).Span);

    /// <summary>Opens a regular file.</summary>
    /// <exception cref="FileException">It is not there, cannot be read, or is a folder, a pipe, a socket or a device.</exception>
    public static FileStream OpenRead(string path)
    {
        ThrowIfUnusable(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, e);
        }
    }

    /// <exception cref="FileException">The path is none, or leads to a folder, a pipe, a socket or a device. A file that is not there passes: opening it says
    /// so.</exception>
    public static void ThrowIfUnusable(string path)
    {
        if (!IsPath(path)) throw new FileException($"\"{PlainText.Line(path, 80)}\"", "is no path: it is blank or holds control characters. Name a file.");
        if (Directory.Exists(path)) throw new FileException(path, "is a folder; expected a file.");
        if (OperatingSystem.IsLinux() && statx(CurrentFolder, path, FollowLinks, TypeOnly, out var stat) == 0 && (stat.Mode & TypeBits) != RegularFile)
            throw new FileException(path, "is a pipe, a socket or a device; expected a regular file. Copy what it gives into one.");
    }

    /// <summary>Whether a path is a link, whatever it leads to.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    static FileException CannotRead(string path, Exception e)
    {
        var why = e is FileNotFoundException or DirectoryNotFoundException ? "it is not there."
            : e.Message.Replace($" '{path}'", "", StringComparison.Ordinal);
        return new FileException(path, $"cannot be read: {why} Check the path and its permissions.", e);
    }

    const int CurrentFolder = -100, FollowLinks = 0;

    const uint TypeOnly = 1;

    const ushort TypeBits = 0xF000, RegularFile = 0x8000;

    /// <summary>struct statx of linux/stat.h, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Stat
    {
        [FieldOffset(0x1c)] public ushort Mode;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, out Stat stat);
}
