using System.Globalization;
using System.Runtime.InteropServices;

namespace Vrp.Harness.Storage;

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
