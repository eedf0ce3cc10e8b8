using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An n-dimensional array of one element type on one device, with autograd. Dispose it, or create it under a
    /// <see cref="NewDisposeScope"/>, or leave it to the finalizer (which does not know how large it is).
    /// </summary>
    public partial class Tensor : IDisposable
    {
        static long totalCount, peakCount;

        internal IntPtr handle;

        internal Tensor(IntPtr handle, bool register = true)
        {
            this.handle = handle;
            long count = Interlocked.Increment(ref totalCount);
            if (count > peakCount) peakCount = count;
            if (register) DisposeScopeManager.ThreadSingleton.Register(this);
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>The native tensor (a TensorImpl*); throws once the tensor is disposed.</summary>
        public IntPtr Handle => handle != IntPtr.Zero ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => handle == IntPtr.Zero;

        /// <summary>A free name, for people.</summary>
        public string? name { get; set; }

        /// <summary>Tensors alive in the process.</summary>
        public static long TotalCount => totalCount;

        public static long PeakCount => peakCount;

        /// <summary>Gives the native tensor away; this object is empty afterwards.</summary>
        internal IntPtr MoveHandle()
        {
            IntPtr moved = Handle;
            handle = IntPtr.Zero;
            Interlocked.Decrement(ref totalCount);
            DisposeScopeManager.ThreadSingleton.Disposing(this);
            GC.SuppressFinalize(this);
            return moved;
        }

        ~Tensor() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == IntPtr.Zero) return;
            if (disposing)
            {
                DisposeScopeManager.ThreadSingleton.Disposing(this);
                OwningDisposeScope?.MarkAsDisposed(this);
            }
            Interlocked.Decrement(ref totalCount);
            NativeMethods.vrp_release(handle);
            handle = IntPtr.Zero;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        internal unsafe NativeMetadata Metadata
        {
            get
            {
                NativeMetadata metadata;
                if (NativeMethods.vrp_metadata(Handle, &metadata) < 0) NativeMethods.Throw("a tensor's metadata");
                GC.KeepAlive(this);
                return metadata;
            }
        }

        public long Dimensions => Metadata.Dims;
        public long dim() => Dimensions;
        public long ndim => Dimensions;
        public long NumberOfElements => Metadata.Elements;
        public long numel() => NumberOfElements;
        public long ElementSize => Metadata.ElementSize;
        public long element_size() => ElementSize;
        public long storage_offset() => Metadata.StorageOffset;

        public ScalarType dtype => (ScalarType)Metadata.Dtype;
        public DeviceType device_type => (DeviceType)Metadata.DeviceType;
        public int device_index => Metadata.DeviceIndex;

        public Device device
        {
            get
            {
                var metadata = Metadata;
                return new Device((DeviceType)metadata.DeviceType, metadata.DeviceIndex);
            }
        }

        public unsafe long[] shape
        {
            get
            {
                var metadata = Metadata;
                var sizes = new ReadOnlySpan<long>(metadata.Sizes, (int)metadata.Dims).ToArray();
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;

        public unsafe long size(int dim)
        {
            var metadata = Metadata;
            long size = metadata.Sizes[Wrap(dim, metadata.Dims)];
            GC.KeepAlive(this);
            return size;
        }

        public unsafe long[] stride()
        {
            var metadata = Metadata;
            var strides = new ReadOnlySpan<long>(metadata.Strides, (int)metadata.Dims).ToArray();
            GC.KeepAlive(this);
            return strides;
        }

        public unsafe long stride(int dim)
        {
            var metadata = Metadata;
            long stride = metadata.Strides[Wrap(dim, metadata.Dims)];
            GC.KeepAlive(this);
            return stride;
        }

        static long Wrap(long dim, long dims) => dim >= -dims && dim < dims ? dim < 0 ? dim + dims : dim
            : throw new ArgumentOutOfRangeException(nameof(dim), $"dimension {dim} of a tensor with {dims} dimensions");

        public bool is_contiguous() => Metadata.Contiguous != 0;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_complex() => torch.is_complex(dtype);

        /// <summary>Shape, element type and device: <c>[2x3], type = Float32, device = cpu</c>.</summary>
        public override string ToString() =>
            handle == IntPtr.Zero ? "[] (disposed)" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        /// <summary>Whether both have the same shape and the same values.</summary>
        public bool Equals(Tensor target) => target is not null && Op.equal.CallScalar(this, target).Integer != 0;

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
