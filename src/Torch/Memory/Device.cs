namespace TorchSharp;

/// <summary>Kinds of device, with libtorch's numbers.</summary>
public enum DeviceType
{
    CPU = 0, CUDA = 1, MKLDNN = 2, OPENGL = 3, OPENCL = 4, IDEEP = 5, HIP = 6, FPGA = 7, MSNPU = 8, XLA = 9, MPS = 13, META = 14,
}

public static partial class torch
{
    /// <summary>Where a tensor lives: "cpu", "cuda", "cuda:1", "meta".</summary>
    public class Device
    {
        public DeviceType type { get; private set; } = DeviceType.CPU;

        /// <summary>The device's number; -1 is the current one (and always the CPU's).</summary>
        public int index { get; private set; } = -1;

        public Device(string description)
        {
            string[] parts = description.Split(':');
            type = Parse(parts[0]);
            if (parts.Length > 2 || parts.Length == 2 && !int.TryParse(parts[1], out _))
                throw new ArgumentException($"\"{description}\" is not a device; expected cpu, cuda or cuda:NUMBER.");
            index = parts.Length == 2 ? int.Parse(parts[1]) : -1;
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType), index) { }

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        public Device(int index) : this(DeviceType.CUDA, index) { }

        static DeviceType Parse(string name) => name.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            "meta" => DeviceType.META,
            _ => throw new ArgumentException($"\"{name}\" is not a device; expected cpu, cuda or cuda:NUMBER."),
        };

        public override string ToString() =>
            type == DeviceType.CPU || index == -1 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";

        public static implicit operator Device(string description) => new(description);
    }

    public static readonly Device CPU = new(DeviceType.CPU), META = new(DeviceType.META);

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(index);
}
