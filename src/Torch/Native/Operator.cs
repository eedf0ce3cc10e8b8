using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// One operator of libtorch, found by its schema name on first use. A call passes arguments in the schema's order and may leave
/// out trailing ones that have a default; wrong arguments, like every failure inside libtorch, throw an
/// <see cref="System.Runtime.InteropServices.ExternalException"/> with the operator's name and libtorch's message.
/// </summary>
/// <remarks>About 1 µs a call: the handle is cached, arguments travel through a stack-allocated array, and nothing but the result is allocated.</remarks>
sealed unsafe partial class Operator
{
    readonly string name, overload;
    IntPtr handle;

    /// <summary><c>aten::name.overload</c>; the name is by default that of the field which holds the operator.</summary>
    public Operator(string overload = "", [CallerMemberName] string name = "") => (this.overload, this.name) = (overload, name);

    public override string ToString() => overload.Length == 0 ? $"aten::{name}" : $"aten::{name}.{overload}";

    /// <summary>Whether this libtorch has the operator.</summary>
    public bool Exists => handle != IntPtr.Zero || Find() != IntPtr.Zero;

    /// <summary>The schema as this libtorch states it.</summary>
    public string Schema => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((IntPtr)NativeMethods.vrp_schema(Handle))!;

    IntPtr Handle => handle != IntPtr.Zero ? handle : FindOrThrow();

    IntPtr Find() => handle = NativeMethods.vrp_find($"aten::{name}", overload);

    IntPtr FindOrThrow()
    {
        if (Find() == IntPtr.Zero)
            NativeMethods.Throw(ToString(), NativeMethods.LastError is { Length: > 0 } error ? error
                : $"libtorch {Vrp.Torch.Libtorch.Version} has no such operator; use a newer one (TorchHome)");
        return handle;
    }

    /// <summary>Calls an operator that returns one tensor.</summary>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        if (Lowered(arguments) || Invoke(arguments, &result, 1) < 0) return CallInFloat32(arguments, 1)[0]!;
        return Wrap(result)!;
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    public (Tensor, Tensor) Call2(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[2];
        if (Lowered(arguments) || Invoke(arguments, results, 2) < 0) return CallInFloat32(arguments, 2) is [{ } a, { } b] ? (a, b) : default;
        return (Wrap(results[0])!, Wrap(results[1])!);
    }

    /// <summary>Calls an operator that returns up to four tensors; null for one that is undefined.</summary>
    public Tensor?[] CallMany(int count, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[count];
        if (Lowered(arguments) || Invoke(arguments, results, count) < 0) return CallInFloat32(arguments, count);
        var tensors = new Tensor?[count];
        for (int i = 0; i < count; i++) tensors[i] = Wrap(results[i]);
        return tensors;
    }

    /// <summary>Calls an operator that returns a list of tensors.</summary>
    public Tensor[] CallList(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        if (Invoke(arguments, &result, 1) < 0) NativeMethods.Throw(ToString());
        var tensors = new Tensor[result.Length];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(((IntPtr*)result.Pointer)[i]);
        return tensors;
    }

    /// <summary>Calls an operator that writes into its first argument and returns that argument.</summary>
    public Tensor InPlace(Tensor self, params ReadOnlySpan<Argument> others)
    {
        Span<Argument> arguments = [self, default, default, default, default, default];
        others.CopyTo(arguments[1..]);
        arguments = arguments[..(others.Length + 1)];
        if (Lowered(arguments) || Invoke(arguments, null, 0) < 0)
        {
            using var result = CallInFloat32(arguments, 1)[0]!;
            Op.copy_.InPlace(self, result);
        }
        return self;
    }

    /// <summary>Calls an operator that returns nothing, or something not wanted.</summary>
    public void Run(params ReadOnlySpan<Argument> arguments)
    {
        if (Invoke(arguments, null, 0) < 0) NativeMethods.Throw(ToString());
    }

    /// <summary>Calls an operator that returns a number or truth value: its bits, to be read as the schema says.</summary>
    public NativeValue CallScalar(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        if (Invoke(arguments, &result, 1) < 0) NativeMethods.Throw(ToString());
        return result;
    }

    static Tensor? Wrap(in NativeValue value) => value.Kind == NativeKind.Tensor ? new Tensor((IntPtr)value.Pointer) : null;

    /// <summary>The call itself: the number of results, negative after a failure.</summary>
    [SkipLocalsInit]
    int Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        const int Room = 96;
        var values = stackalloc NativeValue[arguments.Length];
        int needed = 0;
        foreach (ref readonly var a in arguments) needed += Words(a);
        var stack = stackalloc long[Room];
        int returned;
        if (needed <= Room) returned = Invoke(arguments, values, stack, results, capacity);
        else
            fixed (long* heap = new long[needed]) returned = Invoke(arguments, values, heap, results, capacity);
        foreach (ref readonly var a in arguments) GC.KeepAlive(a.Reference);
        return returned;
    }

    int Invoke(ReadOnlySpan<Argument> arguments, NativeValue* values, long* scratch, NativeValue* results, int capacity)
    {
        for (int i = 0; i < arguments.Length; i++) scratch = Write(arguments[i], values + i, scratch);
        return NativeMethods.vrp_call(Handle, values, arguments.Length, results, capacity);
    }

    /// <summary>Eight-byte words of stack that the argument's list needs.</summary>
    static int Words(in Argument argument) => argument.Kind switch
    {
        NativeKind.Ints or NativeKind.Doubles or NativeKind.Tensors => ((Array)argument.Reference!).Length,
        NativeKind.String => ((string)argument.Reference!).Length * 3 / 8 + 1,
        _ => 0,
    };

    static long* Write(in Argument argument, NativeValue* value, long* scratch)
    {
        value->Kind = argument.Kind;
        value->Integer = argument.Bits;
        switch (argument.Kind)
        {
            case NativeKind.Tensor:
                value->Integer = Unsafe.As<Tensor>(argument.Reference!).Handle;
                return scratch;
            case NativeKind.Ints:
                var ints = Unsafe.As<long[]>(argument.Reference!);
                return WriteList(value, scratch, ints);
            case NativeKind.Doubles:
                var doubles = Unsafe.As<double[]>(argument.Reference!);
                return WriteList(value, scratch, System.Runtime.InteropServices.MemoryMarshal.Cast<double, long>(doubles));
            case NativeKind.Tensors:
                var tensors = Unsafe.As<Tensor?[]>(argument.Reference!);
                value->Pointer = scratch;
                value->Length = tensors.Length;
                foreach (var tensor in tensors) *scratch++ = tensor is null ? 0 : tensor.Handle;
                return scratch;
            case NativeKind.String:
                var text = Unsafe.As<string>(argument.Reference!);
                value->Pointer = scratch;
                value->Length = Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, text.Length * 3 / 8 * 8 + 8));
                return scratch + Words(argument);
            default:
                return scratch;
        }
    }

    static long* WriteList(NativeValue* value, long* scratch, ReadOnlySpan<long> list)
    {
        value->Pointer = scratch;
        value->Length = list.Length;
        list.CopyTo(new Span<long>(scratch, list.Length));
        return scratch + list.Length;
    }
}
