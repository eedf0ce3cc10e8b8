using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace Vrp.Torch;

/// <summary>
/// The libtorch behind the system provider. Not part of TorchSharp's API: callers that also build against its packages use it
/// under <c>#if TORCH_SYSTEM</c>.
/// </summary>
public static unsafe class Libtorch
{
    static readonly string[] Text = (Marshal.PtrToStringUTF8((IntPtr)NativeMethods.vrp_configuration()) ?? "").Split('\n', 2);

    /// <summary>libtorch's version, e.g. <c>1.13.0</c>.</summary>
    public static string Version => Text[0];

    /// <summary>libtorch's own description of its build: compiler, BLAS, CPU capability, CUDA; several lines.</summary>
    public static string Configuration => Text[^1].Trim();
}
