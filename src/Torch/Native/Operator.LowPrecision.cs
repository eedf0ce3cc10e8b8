using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// float16 and bfloat16 on the CPU. Old libtorch has no such kernels for many operators ("addmm_impl_cpu_" not implemented for
/// 'Half'); TorchSharp's libtorch has. Where the message says so, the operator is computed in float32 and its results are
/// rounded once to the type asked for, which is also what the kernels of newer versions do inside. The conversions are
/// ordinary differentiable operators, so autograd works through them. Nothing is converted on other devices or in operators that have the kernel.
/// </summary>
sealed unsafe partial class Operator
{
    /// <summary>Low-precision types whose kernel this operator was found to lack, so that later calls do not fail first.</summary>
    bool lacksHalf, lacksBFloat16;

    bool Lowered(ReadOnlySpan<Argument> arguments) => (lacksHalf || lacksBFloat16) && LowPrecision(arguments) is { } low && Lacks(low);

    bool Lacks(ScalarType dtype) => dtype == ScalarType.Float16 ? lacksHalf : lacksBFloat16;

    /// <summary>The float16 or bfloat16 type among the CPU tensors and dtypes of the arguments, if any.</summary>
    static ScalarType? LowPrecision(ReadOnlySpan<Argument> arguments)
    {
        foreach (ref readonly var argument in arguments)
        {
            switch (argument.Reference)
            {
                case Tensor tensor when IsLow(tensor): return tensor.dtype;
                case Tensor?[] tensors:
                    foreach (var tensor in tensors)
                        if (tensor is not null && IsLow(tensor)) return tensor.dtype;
                    break;
            }
        }
        return null;
    }

    static bool IsLow(Tensor tensor) => IsLow(tensor.dtype) && tensor.device_type == DeviceType.CPU;

    static bool IsLow(ScalarType dtype) => dtype is ScalarType.Float16 or ScalarType.BFloat16;

    /// <summary>After a failure, or knowing that it would fail: the results by way of float32. Rethrows any other failure.</summary>
    Tensor?[] CallInFloat32(ReadOnlySpan<Argument> arguments, int count)
    {
        if (LowPrecision(arguments) is not { } low) throw Failure();
        if (!Lacks(low))
        {
            var failure = Failure();
            bool half = failure.Message.Contains("not implemented for 'Half'"), brain = failure.Message.Contains("not implemented for 'BFloat16'");
            if (!half && !brain) throw failure;
            lacksHalf |= half;
            lacksBFloat16 |= brain;
        }

        var temporary = new List<Tensor>();
        Tensor Widen(Tensor tensor)
        {
            if (!IsLow(tensor)) return tensor;
            var wide = tensor.to(ScalarType.Float32);
            temporary.Add(wide);
            return wide;
        }

        var widened = new Argument[arguments.Length];
        ScalarType target = low;
        for (int i = 0; i < arguments.Length; i++)
        {
            var argument = widened[i] = arguments[i];
            if (argument.Reference is Tensor tensor) widened[i] = Widen(tensor);
            else if (argument.Reference is Tensor?[] tensors) widened[i] = tensors.Select(t => t is null ? null : Widen(t)).ToArray();
            else if (argument.IsDtype)
            {
                target = (ScalarType)argument.Bits;
                if (IsLow(target)) widened[i] = ScalarType.Float32;
            }
        }
        try
        {
            var values = stackalloc NativeValue[count];
            if (Invoke(widened, values, count) < 0) throw Failure();
            var results = new Tensor?[count];
            for (int i = 0; i < count; i++)
            {
                var wide = Wrap(values[i]);
                results[i] = wide is { dtype: ScalarType.Float32 } && IsLow(target) ? wide.to(target, disposeAfter: true) : wide;
            }
            return results;
        }
        finally
        {
            foreach (var tensor in temporary) tensor.Dispose();
        }
    }

    System.Runtime.InteropServices.ExternalException Failure() => new($"{this}: {NativeMethods.LastError}");
}
