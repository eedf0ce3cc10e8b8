using System.Globalization;
using System.Runtime.InteropServices;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>SHA-256 of files' contents. Those of large files are remembered by what the file system knows the file by (<see cref="FileIdentity"/>), since
/// hashing 14 GB of weights takes half a minute. A name is never believed: a blob of the hub's cache, which carries its hash as its name, is read like any
/// other file.</summary>
public sealed class FileHashes
{
    /// <summary>Smaller files are hashed every time.</summary>
    const long Large = 64 << 20;

    readonly string cache;

    /// <param name="cache">Folder of remembered hashes; default <c>hashes</c> in the cache folder.</param>
    public FileHashes(string? cache = null) => this.cache = cache ?? Path.Combine(CacheFolder.Path, "hashes");

    /// <summary>64 hexadecimal digits.</summary>
    public string Of(string path)
    {
        var file = new FileInfo(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
        // Identity before content: a file that is replaced while it is read has another one afterwards, and its hash is not found again.
        if (file.Length < Large || FileIdentity.Of(file.FullName) is not { } identity) return Compute(file.FullName);

        var about = $"{file.FullName}\n{identity}\n";
        var remembered = Path.Combine(cache, Sha256Hex.Of(file.FullName));
        if (FileDoor.Exists(remembered) && Remembered(remembered) is { } text && text.StartsWith(about, StringComparison.Ordinal)
            && IsHash(text[about.Length..].Trim()))
            return text[about.Length..].Trim();

        var hash = Compute(file.FullName);
        Remember(remembered, about + hash);
        return hash;
    }

    /// <summary>Null where it is none that this class wrote.</summary>
    static string? Remembered(string path)
    {
        try
        {
            return FileDoor.ReadAllText(path);
        }
        catch (FileException e)
        {
            System.Diagnostics.Debug.WriteLine(e.Message);
            return null;
        }
    }

    static bool IsHash(string name) => name.Length == 64 && name.All(c => char.IsAsciiHexDigitLower(c));

    static string Compute(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        return Sha256Hex.Of(stream);
    }

    /// <summary>Without a writable cache folder nothing is remembered, and the next run hashes again.</summary>
    void Remember(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(cache);
            AtomicFile.WriteText(path, text);
        }
        catch (Exception e) when (e is FileException or IOException or UnauthorizedAccessException)
        {
            System.Diagnostics.Debug.WriteLine(e.Message);
        }
    }
}

/// <summary>What the file system knows a file by: device, inode, size, time of writing and time of change (statx(2)). A copy that keeps the time of writing
/// (<c>cp -p</c>, rsync, tar, image layers) has another inode or time of change, which no program can set; .NET offers neither, hence the call.</summary>
static partial class FileIdentity
{
    const int CurrentFolder = -100, FollowLinks = 0;

    const uint BasicStats = 0x7ff;

    /// <summary>Two writes within one tick of the file system's clock leave the same times: a file changed this recently has no identity yet.</summary>
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>A text that differs whenever the content may; null where the system has no statx, or the file changed just now.</summary>
    /// <param name="path">Of the file; links are followed.</param>
    /// <param name="now">For tests; null: the clock.</param>
    public static string? Of(string path, DateTimeOffset? now = null)
    {
        if (!OperatingSystem.IsLinux() || statx(CurrentFolder, path, FollowLinks, BasicStats, out var stat) != 0) return null;
        var changed = Math.Max(stat.Changed.Seconds, stat.Written.Seconds);
        return changed > (now ?? DateTimeOffset.UtcNow).Subtract(Settling).ToUnixTimeSeconds() ? null : string.Create(CultureInfo.InvariantCulture,
            $"{stat.DeviceMajor}:{stat.DeviceMinor} {stat.Inode} {stat.Size} {stat.Written.Seconds}.{stat.Written.Nanoseconds} "
                + $"{stat.Changed.Seconds}.{stat.Changed.Nanoseconds}");
    }

    /// <summary>struct statx of linux/stat.h, which is the same on every processor; what is not read here is left out of the names, not of the size.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Stat
    {
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x28)] public ulong Size;
        [FieldOffset(0x60)] public Time Changed;
        [FieldOffset(0x70)] public Time Written;
        [FieldOffset(0x88)] public uint DeviceMajor;
        [FieldOffset(0x8c)] public uint DeviceMinor;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Time
    {
        public long Seconds;
        public uint Nanoseconds;
        readonly int reserved;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, out Stat stat);
}
