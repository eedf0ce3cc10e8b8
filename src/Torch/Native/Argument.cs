using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// One argument of an operator call, converted from whatever the call site has. It keeps the tensor, list or generator that it
/// names alive until the call is over; lists are copied to the stack for the call (<see cref="Operator"/>).
/// </summary>
readonly struct Argument
{
    public readonly object? Reference;
    public readonly long Bits;
    public readonly NativeKind Kind;
    /// <summary>The integer is a <see cref="ScalarType"/>: what the half-precision fallback has to know.</summary>
    public readonly bool IsDtype;

    Argument(NativeKind kind, long bits, object? reference = null, bool isDtype = false) =>
        (Kind, Bits, Reference, IsDtype) = (kind, bits, reference, isDtype);

    /// <summary>An absent optional argument.</summary>
    public static Argument None => default;

    public static implicit operator Argument(Tensor? value) => value is null ? None : new(NativeKind.Tensor, 0, value);
    public static implicit operator Argument(int value) => new(NativeKind.Int, value);
    public static implicit operator Argument(long value) => new(NativeKind.Int, value);
    public static implicit operator Argument(long? value) => value is { } v ? new(NativeKind.Int, v) : None;
    public static implicit operator Argument(double value) => new(NativeKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is { } v ? v : None;
    public static implicit operator Argument(bool value) => new(NativeKind.Bool, value ? 1 : 0);
    public static implicit operator Argument(ScalarType value) => new(NativeKind.Int, (long)value, isDtype: true);
    public static implicit operator Argument(ScalarType? value) => value is { } v ? v : None;
    public static implicit operator Argument(Scalar? value) => value is null ? None : new(value.Kind, value.Bits);
    public static implicit operator Argument(Device? value) =>
        value is null ? None : new(NativeKind.Device, (uint)value.type | (long)value.index << 32);
    public static implicit operator Argument(Generator? value) => value is null ? None : new(NativeKind.Generator, value.Handle, value);
    public static implicit operator Argument(string? value) => value is null ? None : new(NativeKind.String, 0, value);
    public static implicit operator Argument(long[]? value) => value is null ? None : new(NativeKind.Ints, 0, value);
    public static implicit operator Argument(double[]? value) => value is null ? None : new(NativeKind.Doubles, 0, value);
    public static implicit operator Argument(Tensor?[] value) => new(NativeKind.Tensors, 0, value);
    public static implicit operator Argument(ReadOnlySpan<long> value) => value.ToArray();
}
