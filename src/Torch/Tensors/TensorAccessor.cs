using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor or view in row-major order, whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    readonly torch.Tensor tensor;
    readonly T* start;
    readonly long[] shape, strides;
    readonly bool contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        var metadata = tensor.Metadata;
        if (metadata.DeviceType != (int)DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        this.tensor = tensor;
        start = (T*)metadata.Data;
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = metadata.Contiguous != 0;
        Count = metadata.Elements;
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    /// <summary>One index: the element's number in row-major order. Several: one per dimension.</summary>
    public T this[params long[] indices]
    {
        get
        {
            T value = start[Offset(indices)];
            GC.KeepAlive(tensor);
            return value;
        }
        set
        {
            start[Offset(indices)] = value;
            GC.KeepAlive(tensor);
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    /// <summary>An array with the tensor's dimensions.</summary>
    public Array ToNDArray()
    {
        if (shape.Length == 0) return ToArray();
        var array = Array.CreateInstance(typeof(T), shape);
        CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array)),
                checked((int)Count)));
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements from number <paramref name="tensorIndex"/> on until the tensor or the array is at its end.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var to = array[arrayIndex..];
        int count = (int)Math.Min(to.Length, Count - tensorIndex);
        if (contiguous) new Span<T>(start + tensorIndex, count).CopyTo(to);
        else
            for (int i = 0; i < count; i++) to[i] = start[Offset(tensorIndex + i)];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var from = array[arrayIndex..];
        int count = (int)Math.Min(from.Length, Count - tensorIndex);
        if (contiguous) from[..count].CopyTo(new Span<T>(start + tensorIndex, count));
        else
            for (int i = 0; i < count; i++) start[Offset(tensorIndex + i)] = from[i];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    long Offset(ReadOnlySpan<long> indices)
    {
        if (indices.Length == 1 && shape.Length != 1) return Offset(indices[0]);
        if (indices.Length != shape.Length) throw new ArgumentException($"{indices.Length} indices for a tensor with {shape.Length} dimensions");
        long offset = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)shape[d]) throw new IndexOutOfRangeException($"index {indices[d]} in dimension {d} of size {shape[d]}");
            offset += indices[d] * strides[d];
        }
        return offset;
    }

    long Offset(long number)
    {
        if ((ulong)number >= (ulong)Count) throw new IndexOutOfRangeException($"element {number} of {Count}");
        if (contiguous) return number;
        long offset = 0;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            offset += number % shape[d] * strides[d];
            number /= shape[d];
        }
        return offset;
    }

    /// <summary>Nothing is held but the tensor, which belongs to the caller.</summary>
    public void Dispose() { }
}
