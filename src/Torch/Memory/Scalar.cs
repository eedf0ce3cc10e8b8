using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number that is no tensor, with the kind that decides about type promotion: integer, real or truth value.</summary>
public sealed class Scalar : IDisposable
{
    internal NativeKind Kind { get; }
    internal long Bits { get; }

    Scalar(NativeKind kind, long bits) => (Kind, Bits) = (kind, bits);

    internal static Scalar Of(long value) => new(NativeKind.Int, value);
    internal static Scalar Of(double value) => new(NativeKind.Double, BitConverter.DoubleToInt64Bits(value));
    internal static Scalar Of(bool value) => new(NativeKind.Bool, value ? 1 : 0);

    public static implicit operator Scalar(byte value) => Of((long)value);
    public static implicit operator Scalar(sbyte value) => Of((long)value);
    public static implicit operator Scalar(short value) => Of((long)value);
    public static implicit operator Scalar(int value) => Of((long)value);
    public static implicit operator Scalar(long value) => Of(value);
    public static implicit operator Scalar(Half value) => Of((double)value);
    public static implicit operator Scalar(BFloat16 value) => Of((double)value);
    public static implicit operator Scalar(float value) => Of((double)value);
    public static implicit operator Scalar(double value) => Of(value);
    public static implicit operator Scalar(bool value) => Of(value);

    /// <summary>Int64, Float64 or Bool.</summary>
    public torch.ScalarType Type => Kind switch
    {
        NativeKind.Int => torch.ScalarType.Int64,
        NativeKind.Bool => torch.ScalarType.Bool,
        _ => torch.ScalarType.Float64,
    };

    internal double Real => Kind == NativeKind.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    /// <summary>The value as an integer; a real number loses its fraction.</summary>
    internal long Integer => Kind == NativeKind.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    /// <summary>Nothing is held: the value lives in managed memory.</summary>
    public void Dispose() { }
}
