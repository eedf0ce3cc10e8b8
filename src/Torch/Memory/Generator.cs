using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers: the same seed on the same device gives the same numbers.</summary>
    public unsafe class Generator : IDisposable
    {
        /// <summary>A pointer to an at::Generator.</summary>
        public IntPtr Handle { get; private set; }

        public Device device { get; private set; }

        /// <summary>A new generator; TorchSharp's default seed is 0.</summary>
        public Generator(ulong seed = 0, Device? device = null) : this(device ?? CPU, fresh: true) => manual_seed((long)seed);

        Generator(Device device, bool fresh)
        {
            this.device = device;
            Handle = NativeMethods.vrp_generator((int)device.type, device.index, fresh ? 1 : 0);
            if (Handle == IntPtr.Zero) NativeMethods.Throw($"a generator on {device}");
        }

        /// <summary>The CPU's own generator, which operators use when none is given.</summary>
        public static Generator Default => new(CPU, fresh: false);

        internal static Generator DefaultOf(Device device) => new(device, fresh: false);

        public Generator manual_seed(long seed)
        {
            ulong value = (ulong)seed;
            Seed(&value);
            return this;
        }

        /// <summary>Seeds with a value that differs every time, and returns it.</summary>
        public long seed()
        {
            long value = DateTime.UtcNow.Ticks;
            manual_seed(value);
            return value;
        }

        /// <summary>The seed last set.</summary>
        public long initial_seed() => (long)Seed(null);

        /// <summary>The state as a byte tensor.</summary>
        public Tensor get_state()
        {
            IntPtr state = NativeMethods.vrp_generator_state(Handle, IntPtr.Zero);
            if (state == IntPtr.Zero) NativeMethods.Throw("Generator.get_state");
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            NativeMethods.vrp_generator_state(Handle, value.Handle);
            if (NativeMethods.LastError is { Length: > 0 } error) NativeMethods.Throw("Generator.set_state", error);
            GC.KeepAlive(value);
        }

        ulong Seed(ulong* value)
        {
            ulong current;
            if (NativeMethods.vrp_generator_seed(Handle, value, &current) < 0) NativeMethods.Throw("Generator.manual_seed");
            return current;
        }

        ~Generator() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == IntPtr.Zero) return;
            NativeMethods.vrp_generator_release(Handle);
            Handle = IntPtr.Zero;
        }
    }
}
