using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>What a <see cref="NativeValue"/> holds; the same numbers as <c>Kind</c> in vrp_torch.cpp.</summary>
enum NativeKind { None, Tensor, Int, Double, Bool, String, Device, Generator, Ints, Doubles, Tensors }

/// <summary>One argument or result of an operator as the C interface sees it (<c>Value</c> in vrp_torch.cpp), 16 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
unsafe struct NativeValue
{
    [FieldOffset(0)] public NativeKind Kind;
    [FieldOffset(4)] public int Length;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Real;
    [FieldOffset(8)] public void* Pointer;
    [FieldOffset(8)] public int DeviceType;
    [FieldOffset(12)] public int DeviceIndex;
}

/// <summary>A tensor's shape, type and place (<c>Metadata</c> in vrp_torch.cpp).</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct NativeMetadata
{
    public long Dims, Elements, ElementSize, StorageOffset;
    public long* Sizes;
    public long* Strides;
    public void* Data;
    public int Dtype, DeviceType, DeviceIndex, Contiguous, RequiresGrad, IsLeaf;
}
