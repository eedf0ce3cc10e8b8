using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>Copies tensors from mapped files into tensor storage: once, in chunks, by two threads (one does not saturate memory while it takes the page
/// faults of both sides). Where dtype and device stay, a chunk goes from the mapping straight into the tensor; where they change, through a buffer of one
/// chunk per thread. Pages of the mapping are dropped behind the copy, so that the peak of resident memory is the tensors and a few chunks.</summary>
static unsafe class TensorLoader
{
    /// <summary>Bytes per piece of work: small beside memory, large beside a call.</summary>
    const int Chunk = 8 << 20;

    /// <summary>Bytes that are copied and then scanned while they lie in the second-level cache.</summary>
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
        var files = new Dictionary<string, MappedFile>(StringComparer.Ordinal);
        var transfers = new List<Transfer>();
        try
        {
            foreach (var file in entries.GroupBy(e => e.File, StringComparer.Ordinal))
                files.Add(file.Key, new MappedFile(file.Key, file.Max(e => e.Offset + e.ByteLength)));
            for (int i = 0; i < tensors.Length; i++)
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

        int next = -1;
        var workers = new Task[Math.Clamp(Environment.ProcessorCount, 1, Threads)];
        for (int i = 0; i < workers.Length; i++) workers[i] = Task.Run(Work);
        Task.WhenAll(workers).GetAwaiter().GetResult();

        void Work()
        {
            using var staging = new Staging();
            for (int i = Interlocked.Increment(ref next); i < chunks.Count; i = Interlocked.Increment(ref next))
            {
                var (transfer, at) = chunks[i];
                transfer.Copy(at, (int)Math.Min(Chunk, transfer.Entry.ByteLength - at), staging, findings);
            }
        }
    }

    /// <summary>One tensor on its way.</summary>
    sealed class Transfer : IDisposable
    {
        readonly MappedFile file;
        readonly Tensor flat;
        readonly byte* storage;     // null where chunks go through a buffer
        readonly long limit;

        public Transfer(TensorEntry entry, MappedFile file, Tensor target, StoredType type)
        {
            (Entry, this.file) = (entry, file);
            flat = target.view(-1).DetachFromDisposeScope();
            if (StoredTypes.IsFloating(entry.Type)) limit = WeightRange.Limit(entry.Type, type);
            if (target.device_type != DeviceType.CPU) return;
            byte* memory = TensorMemory.Address(flat);
            MemoryAdvice.WillFill(memory, target.NumberOfElements * target.ElementSize);
            if (type == entry.Type) storage = memory;
        }

        public TensorEntry Entry { get; }

        /// <summary>Copies <paramref name="length"/> bytes, <paramref name="at"/> bytes into the tensor as stored.</summary>
        public void Copy(long at, int length, Staging staging, ConcurrentBag<(TensorEntry, WeightRange.Finding)>? findings)
        {
            byte* from = file.At(Entry.Offset + at);
            int size = StoredTypes.SizeOf(Entry.Type);
            if (storage is not null)
            {
                CopyBlocks(from, storage + at, at, length, findings);
            }
            else
            {
                using var part = staging.Of(Entry.Type, length / size);
                CopyBlocks(from, TensorMemory.Address(part), at, length, findings);
                using var target = flat.narrow(0, at / size, length / size);
                target.copy_(part);
            }

            MemoryAdvice.Drop(from, length);
        }

        void CopyBlocks(byte* from, byte* to, long at, int length, ConcurrentBag<(TensorEntry, WeightRange.Finding)>? findings)
        {
            bool scan = findings is not null && StoredTypes.IsFloating(Entry.Type);
            for (int done = 0; done < length; done += Block)
            {
                var block = new Span<byte>(to + done, Math.Min(Block, length - done));
                new ReadOnlySpan<byte>(from + done, block.Length).CopyTo(block);
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
