using System.Diagnostics;
using System.Globalization;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>The right to write a blob's <c>.incomplete</c> file, so that the next process goes on where a killed one stopped and two never write at once. A
/// lock on huggingface_hub's own lock file keeps out its processes and ours; because such a lock holds nothing back on some network file systems, an owner
/// record created beside it does too. Where neither can be had, or its owner stopped moving, the file is received under a name of its own: that costs the
/// bytes, and no content takes the blob's name before its hash was checked.</summary>
sealed class BlobClaim : IDisposable
{
    const int WouldBlock = 11;

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    readonly FileStream? held;
    readonly string? record;
    readonly Timer? heartbeat;

    BlobClaim(string partial, FileStream? held, string? record, Machine machine)
    {
        (Partial, this.held, this.record) = (partial, held, record);
        if (record is not null) heartbeat = new Timer(_ => Touch(record), null, machine.Heartbeat, machine.Heartbeat);
    }

    /// <summary>The file to write.</summary>
    public string Partial { get; }

    /// <param name="blob">The blob's path.</param>
    /// <param name="lockFile">Its lock file.</param>
    /// <param name="arrived">Whether the blob is there: another process may bring it while this one waits.</param>
    /// <param name="machine">Clock.</param>
    /// <param name="wait">Called once when another process is at it.</param>
    /// <param name="cancel">Ends waiting.</param>
    /// <returns>Null when the blob arrived meanwhile.</returns>
    public static async Task<BlobClaim?> Take(string blob, string lockFile, Func<bool> arrived, Machine machine, Action wait, CancellationToken cancel)
    {
        var record = Path.ChangeExtension(lockFile, ".owner");
        (long Length, DateTime Touched) seen = default;
        for (TimeSpan still = TimeSpan.Zero, waited = TimeSpan.Zero; ; still += Look, waited += Look)
        {
            if (arrived()) return null;
            if (!TryLock(lockFile, out var held)) return Private(blob, machine);
            if (held is not null && TryOwn(record)) return new BlobClaim(blob + ".incomplete", held, record, machine);
            held?.Dispose();

            if (waited == TimeSpan.Zero) wait();
            var now = (Length(blob + ".incomplete"), File.GetLastWriteTimeUtc(record));
            if (now != seen) (seen, still) = (now, TimeSpan.Zero);
            if (still >= machine.Patience) return Private(blob, machine);
            await machine.Delay(Look, cancel);
        }
    }

    public void Dispose()
    {
        heartbeat?.Dispose();
        if (record is not null) File.Delete(record);
        held?.Dispose();
    }

    static BlobClaim Private(string blob, Machine machine) => new($"{blob}.{Guid.NewGuid():N}.incomplete", null, null, machine);

    /// <summary>False where locks cannot be had at all; true without a stream where another process has it.</summary>
    static bool TryLock(string path, out FileStream? held)
    {
        held = null;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return true;
        }
        catch (IOException e) when (e.HResult == WouldBlock || (e.HResult & 0xFFFF) is 32 or 33)      // EWOULDBLOCK; Windows: sharing or lock violation
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static bool TryOwn(string record)
    {
        if (Create(record)) return true;
        if (OwnerOf(record) is not { } owner || !IsDead(owner)) return false;
        // Two processes may find the same dead owner: the one whose rename takes that owner's record away goes on, the other puts back what it took.
        var aside = $"{record}.{Guid.NewGuid():N}";
        try
        {
            File.Move(record, aside);
            if (OwnerOf(aside) == owner)
            {
                File.Delete(aside);
                return Create(record);
            }
            File.Move(aside, record);
            return false;
        }
        catch (IOException)         // the other was faster
        {
            return false;
        }
    }

    static bool Create(string record)
    {
        try
        {
            using var stream = new FileStream(record, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            using var writer = new StreamWriter(stream);
            writer.Write(Self());
            return true;
        }
        catch (IOException) when (File.Exists(record))
        {
            return false;
        }
    }

    static string? OwnerOf(string record)
    {
        try
        {
            return File.ReadAllText(record);
        }
        catch (IOException)         // gone, or being written
        {
            return null;
        }
    }

    /// <summary>Machine (with its space of process numbers: containers share a host's name), process, its start, and which claim of it.</summary>
    static string Self()
    {
        using var self = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{Here()}\n{self.Id}\n{self.StartTime.Ticks}\n{Guid.NewGuid():N}\n");
    }

    static string Here() => $"{Environment.MachineName} {(OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : null)}";

    /// <summary>Only of this machine's processes can it be known.</summary>
    static bool IsDead(string owner)
    {
        if (owner.Split('\n') is not [var machine, var id, var started, ..] || machine != Here() || !int.TryParse(id, out var process)) return false;
        try
        {
            using var found = Process.GetProcessById(process);
            // Process start times are derived from the boot time, which is known to a hundredth of a second.
            return Math.Abs(found.StartTime.Ticks - long.Parse(started, CultureInfo.InvariantCulture)) > TimeSpan.TicksPerSecond;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)      // no such process, or it ended just now
        {
            return true;
        }
    }

    static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    static void Touch(string record)
    {
        try
        {
            File.SetLastWriteTimeUtc(record, DateTime.UtcNow);
        }
        catch (IOException)         // disposed meanwhile
        {
        }
    }
}
