using System.Runtime.InteropServices;

namespace Vrp.Models.Checkpoints;

/// <summary>Hints to the kernel about memory (Linux madvise(2)). They change speed and resident memory, never content; elsewhere, and where the kernel
/// refuses, nothing happens.</summary>
static unsafe partial class MemoryAdvice
{
    const int Sequential = 2, DontNeed = 4, HugePage = 14;

    const nuint HugePageSize = 2 << 20;

    /// <summary>The range will be read from front to back: read ahead far.</summary>
    public static void WillReadOnce(byte* start, long length) => Inner(start, length, (nuint)Environment.SystemPageSize, Sequential);

    /// <summary>The pages of a file's mapping are done with: they leave this process (not the page cache), so that a load never holds a file beside its
    /// tensors.</summary>
    public static void Drop(byte* start, long length) => Inner(start, length, (nuint)Environment.SystemPageSize, DontNeed);

    /// <summary>Fresh memory that will be filled whole: huge pages take the page faults, about 0.5 s per GB with 4 KiB pages, to a tenth of that.</summary>
    public static void WillFill(byte* start, long length) => Inner(start, length, HugePageSize, HugePage);

    /// <summary>Advises the whole pages inside of the range: those at its ends may hold something else.</summary>
    static void Inner(byte* start, long length, nuint page, int advice)
    {
        nuint begin = ((nuint)start + page - 1) & ~(page - 1), end = ((nuint)start + (nuint)length) & ~(page - 1);
        if (OperatingSystem.IsLinux() && begin < end) _ = Advise((void*)begin, end - begin, advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
