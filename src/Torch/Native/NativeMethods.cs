using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The C functions of vrp_torch.cpp; what they do is written there.</summary>
static unsafe partial class NativeMethods
{
    const string Library = "vrp_torch";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    /// <summary>Loads libvrp_torch.so from beside the program, or from a package's runtimes folder, so that a missing libtorch says so instead of "DLL not found".</summary>
    static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library) return IntPtr.Zero;
        ShareTheMachine();
        KeepFreedMemory();
        string path = Path.Combine(AppContext.BaseDirectory, "libvrp_torch.so");
        try
        {
            // Built in this repository it lies beside the program; from the package Vrp.Torch it lies where .NET looks for packages' native files.
            return File.Exists(path) ? NativeLibrary.Load(path) : NativeLibrary.Load(Library, assembly, search);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"{path} cannot be loaded. It is compiled by the build against the libtorch found there (apt-get install libtorch-dev, " +
                $"or TorchHome=FOLDER of a PyTorch install): build again on this machine. {e.Message}", e);
        }
    }

    /// <summary>OpenMP's threads go to sleep between parallel sections unless the user said otherwise. OpenBLAS brings threads of its own, and on as many cores
    /// as threads one library's spinning takes the core that the other's work waits for: 2.4 × per decoded token, 1.4 × per prefill (docs/benchmarks.md).
    /// libgomp reads the variable when it is loaded, and .NET's own environment is a copy that C code does not see: hence libc's setenv, before the load.
    /// OpenBLAS's threads spin for 2^26 cycles (20 ms) after each product by themselves; 2^16 is long enough for the next product of a decoded token and short enough for what lies between the products of a prefill.</summary>
    static void ShareTheMachine()
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = setenv("OMP_WAIT_POLICY", "passive", overwrite: 0);
        _ = setenv("OPENBLAS_THREAD_TIMEOUT", "16", overwrite: 0);
    }

    /// <summary>Intermediate results of a few MB come and go with every layer. glibc gives freed memory back to the system from a threshold that it learns by and by, and gets it again page by page, zeroed: with
    /// the thread settings above 0.75 instead of 0.59 of a prefill's time is matrix products (docs/benchmarks.md). Up to 512 MB stay here instead. Whoever sets malloc's own variables is left alone.</summary>
    static void KeepFreedMemory()
    {
        string[] own = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];
        if (!OperatingSystem.IsLinux() || own.Any(name => Environment.GetEnvironmentVariable(name) is not null)) return;
        // Another C library (musl) has no mallopt, and no such thresholds.
        if (!NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "mallopt", out var found)) return;
        const int TrimThreshold = -1, MmapThreshold = -3;
        var mallopt = (delegate* unmanaged<int, int, int>)found;
        _ = mallopt(MmapThreshold, 32 << 20);                                            // the most that glibc takes; by itself it learns its way up to there
        _ = mallopt(TrimThreshold, 512 << 20);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)] private static partial int setenv(string name, string value, int overwrite);

    /// <summary>The reason of this thread's last failure; empty when there was none.</summary>
    public static string LastError => Marshal.PtrToStringUTF8((IntPtr)vrp_error()) ?? "";

    /// <summary>Throws TorchSharp's exception for a failure inside libtorch.</summary>
    public static void Throw(string operation, string? message = null) =>
        throw new ExternalException($"{operation}: {message ?? LastError}");

    [LibraryImport(Library)] private static partial byte* vrp_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial IntPtr vrp_find(string name, string overload);
    [LibraryImport(Library)] public static partial byte* vrp_schema(IntPtr op);
    [LibraryImport(Library)] public static partial int vrp_call(IntPtr op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [LibraryImport(Library)] public static partial IntPtr vrp_from_memory(void* data, long* sizes, int dims, int dtype,
        delegate* unmanaged<IntPtr, void> release, IntPtr context);
    [LibraryImport(Library)] public static partial void vrp_release(IntPtr tensor);
    [LibraryImport(Library)] public static partial int vrp_metadata(IntPtr tensor, NativeMetadata* result);
    [LibraryImport(Library)] public static partial int vrp_set_requires_grad(IntPtr tensor, int requires_grad);
    [LibraryImport(Library)] public static partial IntPtr vrp_grad(IntPtr tensor);
    [LibraryImport(Library)] public static partial int vrp_set_grad(IntPtr tensor, IntPtr grad);
    [LibraryImport(Library)] public static partial int vrp_backward(IntPtr* outputs, IntPtr* gradients, int n_outputs, IntPtr* inputs, int n_inputs,
        int retain_graph, int create_graph, int allow_unused, IntPtr* results);
    [LibraryImport(Library)] public static partial int vrp_grad_mode(int enabled);
    [LibraryImport(Library)] public static partial IntPtr vrp_inference_begin(int enabled);
    [LibraryImport(Library)] public static partial void vrp_inference_end(IntPtr guard);
    [LibraryImport(Library)] public static partial int vrp_inference_mode();
    [LibraryImport(Library)] public static partial IntPtr vrp_generator(int device_type, int device_index, int fresh);
    [LibraryImport(Library)] public static partial void vrp_generator_release(IntPtr generator);
    [LibraryImport(Library)] public static partial int vrp_generator_seed(IntPtr generator, ulong* seed, ulong* current);
    [LibraryImport(Library)] public static partial IntPtr vrp_generator_state(IntPtr generator, IntPtr state);
    [LibraryImport(Library)] public static partial int vrp_threads(int interop, int count);
    [LibraryImport(Library)] public static partial int vrp_device_count(int device_type);
    [LibraryImport(Library)] public static partial int vrp_synchronize(int device_type, int device_index);
    [LibraryImport(Library)] public static partial byte* vrp_configuration();
}
