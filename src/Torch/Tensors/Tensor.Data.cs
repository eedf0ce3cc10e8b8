using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements as values of T, which must be the .NET type of <see cref="dtype"/>; CPU only.</summary>
        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            RequireType(typeof(T));
            return new Utils.TensorAccessor<T>(this);
        }

        /// <summary>The only element; T must be the .NET type of <see cref="dtype"/>.</summary>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"Number of elements in the tensor must be 1, it is {NumberOfElements}");
            if (is_cpu()) return data<T>()[0];
            RequireType(typeof(T));
            using var here = cpu();
            return here.data<T>()[0];
        }

        void RequireType(Type type)
        {
            if (ScalarTypeOf(type) != dtype) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        /// <summary>The only element as a number.</summary>
        public Scalar ToScalar()
        {
            var value = Op._local_scalar_dense.CallScalar(this);
            return value.Kind switch
            {
                NativeKind.Double => Scalar.Of(value.Real),
                NativeKind.Bool => Scalar.Of(value.Integer != 0),
                _ => Scalar.Of(value.Integer),
            };
        }

        /// <summary>The memory of a contiguous CPU tensor below 2 GiB, as bytes in the machine's order; the setter copies.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var metadata = HostMemory();
                return new Span<byte>(metadata.Data, checked((int)(metadata.Elements * metadata.ElementSize)));
            }
            set
            {
                var metadata = HostMemory();
                long size = metadata.Elements * metadata.ElementSize;
                if (size != value.Length) throw new ArgumentException($"Mismatched data sizes: the tensor has {size} bytes, {value.Length} were given.");
                value.CopyTo(new Span<byte>(metadata.Data, value.Length));
                GC.KeepAlive(this);
            }
        }

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var metadata = HostMemory();
            using var memory = new UnmanagedMemoryStream((byte*)metadata.Data, metadata.Elements * metadata.ElementSize);
            memory.CopyTo(stream, Math.Max(bufferSize, 1 << 20));
            GC.KeepAlive(this);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var metadata = HostMemory();
            var to = (byte*)metadata.Data;
            for (long left = metadata.Elements * metadata.ElementSize; left > 0;)
            {
                int part = (int)Math.Min(left, 1 << 30);
                stream.ReadExactly(new Span<byte>(to, part));
                to += part;
                left -= part;
            }
            GC.KeepAlive(this);
        }

        NativeMetadata HostMemory()
        {
            var metadata = Metadata;
            if (metadata.Contiguous == 0) throw new InvalidOperationException("bytes of a non-contiguous tensor: call contiguous() first.");
            if (metadata.DeviceType != (int)DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            return metadata;
        }

        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator bool(Tensor value) => value.ToBoolean();

        /// <summary>Exists only so that overload resolution prefers Scalar for a number; it always throws.</summary>
        public static implicit operator Tensor(Scalar scalar) => throw new InvalidOperationException("a Scalar is no tensor");

        public static implicit operator Tensor(byte value) => tensor(value);
        public static implicit operator Tensor(sbyte value) => tensor(value);
        public static implicit operator Tensor(short value) => tensor(value);
        public static implicit operator Tensor(int value) => tensor(value);
        public static implicit operator Tensor(long value) => tensor(value);
        public static implicit operator Tensor(float value) => tensor(value);
        public static implicit operator Tensor(double value) => tensor(value);
        public static implicit operator Tensor(bool value) => tensor(value);
        public static implicit operator Tensor(byte[] value) => tensor(value);
        public static implicit operator Tensor(sbyte[] value) => tensor(value);
        public static implicit operator Tensor(short[] value) => tensor(value);
        public static implicit operator Tensor(int[] value) => tensor(value);
        public static implicit operator Tensor(long[] value) => tensor(value);
        public static implicit operator Tensor(float[] value) => tensor(value);
        public static implicit operator Tensor(double[] value) => tensor(value);
        public static implicit operator Tensor(bool[] value) => tensor(value);
    }
}
