using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>libtorch's version.</summary>
    public static string __version__ => Vrp.Torch.Libtorch.Version;

    /// <summary>Threads inside one operator, for the whole process.</summary>
    public static int get_num_threads() => NativeMethods.vrp_threads(0, 0);

    public static void set_num_threads(int num)
    {
        if (num <= 0) throw new ArgumentOutOfRangeException(nameof(num), num, "the number of threads is at least 1");
        if (NativeMethods.vrp_threads(0, num) < 0) NativeMethods.Throw("set_num_threads");
    }

    public static int get_num_interop_threads() => NativeMethods.vrp_threads(1, 0);

    public static void set_num_interop_threads(int num)
    {
        if (NativeMethods.vrp_threads(1, num) < 0) NativeMethods.Throw("set_num_interop_threads");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) =>
        deviceType == DeviceType.CPU || NativeMethods.vrp_device_count((int)deviceType) > 0;

    /// <summary>Throws when there is no such device or libtorch was built without it.</summary>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException(
                $"Torch device type {deviceType} did not initialise on this machine: this libtorch ({__version__}) finds no such device.");
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;
        public static int device_count() => NativeMethods.vrp_device_count((int)DeviceType.CUDA);

        public static void manual_seed(long seed) => Seed(new Device(DeviceType.CUDA), seed);

        public static void manual_seed_all(long seed)
        {
            for (int i = 0; i < device_count(); i++) Seed(new Device(DeviceType.CUDA, i), seed);
        }

        /// <summary>Waits until the device (null: the current one) has done all that was asked of it.</summary>
        public static void synchronize(Device? device = null)
        {
            if (NativeMethods.vrp_synchronize((int)DeviceType.CUDA, device?.index ?? -1) < 0) NativeMethods.Throw("cuda.synchronize");
        }

        static void Seed(Device device, long seed)
        {
            using var generator = Generator.DefaultOf(device);
            generator.manual_seed(seed);
        }
    }

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    /// <summary>Evaluates in a scope of its own and keeps only the result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
