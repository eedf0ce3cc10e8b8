using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    static ScalarType defaultDtype = ScalarType.Float32;
    static Device? defaultDevice;

    public static ScalarType get_default_dtype() => defaultDtype;
    public static void set_default_dtype(ScalarType dtype) => defaultDtype = dtype;
    public static Device get_default_device() => defaultDevice ?? CPU;
    public static void set_default_device(Device device) => defaultDevice = device;
    public static void set_default_device(string device) => defaultDevice = new Device(device);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>start, start + step, … below stop; int64 when all three are integers.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        bool integers = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var made = Op.arange.Call(start, stop, step, dtype ?? (integers ? ScalarType.Int64 : get_default_dtype()), Argument.None,
            device ?? get_default_device());
        return requires_grad ? made.requires_grad_() : made;
    }

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var made = Op.linspace.Call(start, end, steps, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device());
        return requires_grad ? made.requires_grad_() : made;
    }

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        NoNames(names);
        var made = Op.eye.Call(rows, columns == -1 ? rows : columns, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device());
        return requires_grad ? made.requires_grad_() : made;
    }

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        NoNames(names);
        var made = Op.empty_strided.Call(size, strides, dtype ?? get_default_dtype(), Argument.None, device ?? get_default_device());
        return requires_grad ? made.requires_grad_() : made;
    }

    public static Tensor tril_indices(long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Op.tril_indices.Call(row, col, offset, dtype, Argument.None, device ?? get_default_device());

    public static Tensor triu_indices(long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Op.triu_indices.Call(row, col, offset, dtype, Argument.None, device ?? get_default_device());

    /// <summary>A tensor over the array's own memory, of its shape: writes to one are seen in the other (unless it must be converted).</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        NoNames(names);
        var type = ScalarTypeOf(rawArray.GetType().GetElementType()!);
        var shared = OverMemory(rawArray, 0, [.. Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength)], type);
        if (dtype is { } other && other != type || device is not null && device.type != DeviceType.CPU)
            shared = shared.to(dtype ?? type, device ?? CPU, disposeAfter: true);
        return requires_grad ? shared.requires_grad_() : shared;
    }

    /// <summary>A one-dimensional tensor over a part of the array's memory; offset and count are in the array's elements.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (offset < 0 || offset >= rawArray.LongLength) throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0) count = rawArray.LongLength - offset;
        if (count > rawArray.LongLength - offset) throw new IndexOutOfRangeException($"element count is too large: {count}");
        var type = ScalarTypeOf(rawArray.GetType().GetElementType()!);
        var shared = OverMemory(rawArray, offset * type.ElementSize(), [count], type);
        if (dtype != type) shared = shared.to(dtype, disposeAfter: true);
        return requires_grad ? shared.requires_grad_() : shared;
    }

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    /// <summary>Pins the array until the tensor's storage dies.</summary>
    static unsafe Tensor OverMemory(Array array, long byteOffset, long[] size, ScalarType dtype)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        fixed (long* sizes = size)
        {
            IntPtr handle = NativeMethods.vrp_from_memory((byte*)pin.AddrOfPinnedObject() + byteOffset, sizes, size.Length, (int)dtype, &Unpin,
                GCHandle.ToIntPtr(pin));
            if (handle == IntPtr.Zero) NativeMethods.Throw("a tensor over an array");
            return new Tensor(handle);
        }
    }

    [UnmanagedCallersOnly]
    static void Unpin(IntPtr pin) => GCHandle.FromIntPtr(pin).Free();
}
