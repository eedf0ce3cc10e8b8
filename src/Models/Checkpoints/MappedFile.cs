using System.IO.MemoryMappedFiles;

namespace Vrp.Models.Checkpoints;

/// <summary>A file mapped for reading, with advice to read it once from front to back. The file must not be cut while it is mapped: a page beyond the end
/// is a fault that no program survives.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;
    readonly byte* start;

    /// <param name="path">The file.</param>
    /// <param name="expected">Its length when its header was checked.</param>
    public MappedFile(string path, long expected)
    {
        try
        {
            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new CheckpointException(path,
                $"{path} cannot be mapped into memory: {e.Message} Check the path, its permissions and the limit of address space (ulimit -v).", e);
        }

        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
        if (new FileInfo(path).ResolveLinkTarget(true) is var target && ((FileInfo?)target ?? new FileInfo(path)).Length < expected)
        {
            Dispose();
            throw new SafetensorsException(path, SafetensorsDefect.Truncated, null,
                $"the file became shorter than the {expected} bytes that its header describes");
        }

        MemoryAdvice.WillReadOnce(start, expected);
    }

    /// <summary>The address of a byte of the file; valid until disposal.</summary>
    public byte* At(long offset) => start + offset;

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
