using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>Reads tensors from files into tensor storage: once, in chunks, by two threads (one does not saturate memory while it takes the page faults). Where
/// dtype and device stay, bytes go from the file straight into the tensor; where they change, through a buffer of one chunk per thread. Files are read and not
/// mapped: one that is cut meanwhile is an error then, not a fault that ends the process.</summary>
static unsafe class TensorLoader
{
    /// <summary>Bytes per piece of work: small beside memory, large beside a call.</summary>
    const int Chunk = 8 << 20;

    /// <summary>Bytes that are read and then scanned while they lie in the second-level cache.</summary>
    const int Block = 256 << 10;

    const int Threads = 2;

    /// <summary>Loads tensors, in the order of the entries.</summary>
    /// <param name="entries">What to load, with checked offsets.</param>
    /// <param name="dtype">Conversion of floating tensors; null keeps each tensor's own. Integers and flags always stay.</param>
    /// <param name="device">Where the tensors are to live.</param>
    /// <param name="findings">Where given: values that are NaN, infinite or overflow the conversion are looked for, and counted here.</param>
    public static Tensor[] Load(IReadOnlyList<TensorEntry> entries, StoredType? dtype, Device device,
        ConcurrentBag<(TensorEntry, WeightRange.Finding)>? findings)
    {
        var tensors = new Tensor[entries.Count];
        var files = new Dictionary<string, WeightFile>(StringComparer.Ordinal);
        var transfers = new List<Transfer>();
        try
        {
            foreach (var file in entries.Select(e => e.File).Distinct(StringComparer.Ordinal)) files.Add(file, new WeightFile(file));
            for (var i = 0; i < tensors.Length; i++)
            {
                var target = StoredTypes.IsFloating(entries[i].Type) ? dtype ?? entries[i].Type : entries[i].Type;
                // Weights outlive the scope in which they happen to be loaded; whoever asked for them disposes them.
                tensors[i] = empty(entries[i].Shape, dtype: StoredTypes.ScalarType(target), device: device).DetachFromDisposeScope();
                if (entries[i].ByteLength > 0) transfers.Add(new Transfer(entries[i], files[entries[i].File], tensors[i], target));
            }

            Run(transfers, findings);
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors) tensor?.Dispose();
            throw;
        }
        finally
        {
            foreach (var transfer in transfers) transfer.Dispose();
            foreach (var file in files.Values) file.Dispose();
        }
    }

    /// <summary>The chunks of all tensors in the order of their bytes, taken by whichever thread is free.</summary>
    static void Run(List<Transfer> transfers, ConcurrentBag<(TensorEntry, WeightRange.Finding)>? findings)
    {
        var chunks = new List<(Transfer, long)>();
        foreach (var transfer in transfers.OrderBy(t => t.Entry.File, StringComparer.Ordinal).ThenBy(t => t.Entry.Offset))
            for (long at = 0; at < transfer.Entry.ByteLength; at += Chunk) chunks.Add((transfer, at));

        var next = -1;
        var workers = new Task[Math.Clamp(Environment.ProcessorCount, 1, Threads)];
        for (var i = 0; i < workers.Length; i++) workers[i] = Task.Run(Work);
        Task.WhenAll(workers).GetAwaiter().GetResult();

        void Work()
        {
            using var staging = new Staging();
            for (var i = Interlocked.Increment(ref next); i < chunks.Count; i = Interlocked.Increment(ref next))
            {
                var (transfer, at) = chunks[i];
                transfer.Read(at, (int)Math.Min(Chunk, transfer.Entry.ByteLength - at), staging, findings);
            }
        }
    }

    /// <summary>One tensor on its way.</summary>
    sealed class Transfer : IDisposable
    {
        readonly WeightFile file;
        readonly Tensor flat;
        readonly byte* storage;     // null where chunks go through a buffer
        readonly long limit;

        public Transfer(TensorEntry entry, WeightFile file, Tensor target, StoredType type)
        {
            (Entry, this.file) = (entry, file);
            flat = target.view(-1).DetachFromDisposeScope();
            if (StoredTypes.IsFloating(entry.Type)) limit = WeightRange.Limit(entry.Type, type);
            if (target.device_type != DeviceType.CPU) return;
            var memory = TensorMemory.Address(flat);
            MemoryAdvice.WillFill(memory, target.NumberOfElements * target.ElementSize);
            if (type == entry.Type) storage = memory;
        }

        public TensorEntry Entry { get; }

        /// <summary>Reads <paramref name="length"/> bytes, <paramref name="at"/> bytes into the tensor as stored.</summary>
        public void Read(long at, int length, Staging staging, ConcurrentBag<(TensorEntry, WeightRange.Finding)>? findings)
        {
            var size = StoredTypes.SizeOf(Entry.Type);
            if (storage is not null)
            {
                ReadBlocks(storage + at, at, length, findings);
            }
            else
            {
                using var part = staging.Of(Entry.Type, length / size);
                ReadBlocks(TensorMemory.Address(part), at, length, findings);
                using var target = flat.narrow(0, at / size, length / size);
                target.copy_(part);
            }
        }

        void ReadBlocks(byte* to, long at, int length, ConcurrentBag<(TensorEntry, WeightRange.Finding)>? findings)
        {
            var scan = findings is not null && StoredTypes.IsFloating(Entry.Type);
            for (var done = 0; done < length; done += Block)
            {
                var block = new Span<byte>(to + done, Math.Min(Block, length - done));
                file.Read(Entry.Offset + at + done, block);
                if (!scan || !WeightRange.Any(block, Entry.Type, limit)) continue;
                var found = WeightRange.Count(block, Entry.Type, limit);
                findings!.Add((Entry, found with { First = found.First + (at + done) / StoredTypes.SizeOf(Entry.Type) }));
            }
        }

        public void Dispose() => flat.Dispose();
    }

    /// <summary>A thread's buffers for what must be converted or sent to a device: one chunk per stored type.</summary>
    sealed class Staging : IDisposable
    {
        readonly Dictionary<StoredType, Tensor> buffers = [];

        /// <summary>The first elements of the buffer.</summary>
        public Tensor Of(StoredType type, long elements)
        {
            if (!buffers.TryGetValue(type, out var buffer))
                buffers.Add(type, buffer = empty(Chunk / StoredTypes.SizeOf(type), dtype: StoredTypes.ScalarType(type)));
            return buffer.narrow(0, 0, elements);
        }

        public void Dispose()
        {
            foreach (var buffer in buffers.Values) buffer.Dispose();
        }
    }
}

/// <summary>A file of weights, open for reading at any place by any thread.</summary>
sealed class WeightFile : IDisposable
{
    readonly string path;
    readonly Microsoft.Win32.SafeHandles.SafeFileHandle handle;

    public WeightFile(string path)
    {
        this.path = path;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"{path} cannot be opened: {e.Message} Check the path and its permissions.", e);
        }
    }

    /// <summary>Fills the buffer with the bytes from an offset.</summary>
    /// <exception cref="SafetensorsException">The file ends before: it was whole when its header was checked.</exception>
    /// <exception cref="CheckpointException">The disk or network does not give them.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int read;
            try
            {
                read = RandomAccess.Read(handle, buffer, offset);
            }
            catch (IOException e)
            {
                throw new CheckpointException(path, $"{path} cannot be read at byte {offset:#,0}: {e.Message} Check the disk, and fetch the file again.", e);
            }
            if (read == 0)
                throw new SafetensorsException(path, SafetensorsDefect.Truncated, null,
                    $"the file ended at byte {offset:#,0} while it was read, although it was longer when its header was checked. "
                    + "Something else writes it: wait until that is done");
            offset += read;
            buffer = buffer[read..];
        }
    }

    public void Dispose() => handle.Dispose();
}

/// <summary>The memory of tensors beyond 2 GiB, which <c>Tensor.bytes</c> cannot span.</summary>
static unsafe class TensorMemory
{
    /// <summary>The address of the first element of a one-dimensional, contiguous, non-empty CPU tensor; valid while the tensor lives.</summary>
    public static byte* Address(Tensor flat)
    {
        using var first = flat.narrow(0, 0, 1);
        fixed (byte* address = first.bytes) return address;     // native memory, which no collector moves
    }
}

/// <summary>A hint to the kernel about memory (Linux madvise(2)). It changes speed, never content; elsewhere, and where the kernel refuses, nothing
/// happens.</summary>
static unsafe partial class MemoryAdvice
{
    const int HugePage = 14;

    const nuint HugePageSize = 2 << 20;

    /// <summary>Fresh memory that will be filled whole: huge pages take the page faults, about 0.5 s per GB with 4 KiB pages, to a tenth of that.</summary>
    public static void WillFill(byte* start, long length)
    {
        // Whole pages inside of the range: those at its ends may hold something else.
        nuint begin = ((nuint)start + HugePageSize - 1) & ~(HugePageSize - 1), end = ((nuint)start + (nuint)length) & ~(HugePageSize - 1);
        if (OperatingSystem.IsLinux() && begin < end) _ = Advise((void*)begin, end - begin, HugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
