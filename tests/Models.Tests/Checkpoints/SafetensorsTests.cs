using FsCheck.Xunit;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Engine;
using Vrp.Models.Storage;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    static readonly ScalarType[] Types = [ScalarType.Bool, ScalarType.Byte, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16,
        ScalarType.Float32, ScalarType.Float64];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Random names, shapes (scalars and empty ones too), dtypes and bits: whatever is written comes back bit by bit, NaN payloads included, and the
    /// order of writing does not show.</summary>
    [Property(MaxTest = 60)]
    public void WriteThenRead_AnyTensors_GivesTheSameBits(int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var tensors = Enumerable.Range(0, random.Next(0, 12)).Select(i => (Name: RandomName(random, i), Tensor: RandomTensor(random))).ToArray();
        var metadata = Enumerable.Range(0, random.Next(0, 3)).ToDictionary(i => RandomName(random, i), i => RandomName(random, i));
        string path = folder.At("a.safetensors"), shuffled = folder.At("b.safetensors");

        Safetensors.Write(path, tensors, metadata);
        random.Shuffle(tensors);
        Safetensors.Write(shuffled, tensors, metadata);

        File.ReadAllBytes(shuffled).Should().Equal(File.ReadAllBytes(path));
        Safetensors.ReadMetadata(path).Should().BeEquivalentTo(metadata);
        var read = Safetensors.Read(path);
        read.Keys.Should().BeEquivalentTo(tensors.Select(t => t.Name));
        foreach (var (name, tensor) in tensors)
        {
            using var back = read[name];
            back.dtype.Should().Be(tensor.dtype);
            back.shape.Should().Equal(tensor.shape);
            Bytes(back).Should().Equal(Bytes(tensor), "{0} {1}", name, tensor);
        }
    }

    [Fact]
    public void Write_AnyTensors_AlignsEachToItsElements()
    {
        using var scope = NewDisposeScope();
        var path = folder.At("aligned.safetensors");

        Safetensors.Write(path, Types.Select((type, i) => ($"odd{i}", zeros([3, i], dtype: type))), new Dictionary<string, string> { ["odd"] = "x" });

        foreach (var tensor in SafetensorsHeader.Read(path).Tensors.Where(t => t.ByteLength > 0))
            (tensor.Offset % (tensor.ByteLength / tensor.Shape.Aggregate((a, b) => a * b))).Should().Be(0, tensor.Name);
    }

    [Fact]
    public void Write_NonContiguousTensor_WritesItsRows()
    {
        using var scope = NewDisposeScope();
        var transposed = TensorArithmetic.Count(0, 6).to(ScalarType.Float32).view(2, 3).t();
        Safetensors.Write(folder.At("t.safetensors"), [("t", transposed)]);
        using var read = Safetensors.Read(folder.At("t.safetensors"))["t"];
        read.shape.Should().Equal(3, 2);
        read.data<float>().ToArray().Should().Equal(0, 3, 1, 4, 2, 5);
    }

    [Fact]
    public void Write_TensorThatRequiresGradient_IsWritten()
    {
        using var scope = NewDisposeScope();
        var parameter = ones(2).requires_grad_(true);
        Safetensors.Write(folder.At("p.safetensors"), [("p", parameter)]);
        using var read = Safetensors.Read(folder.At("p.safetensors"))["p"];
        read.requires_grad.Should().BeFalse();
        read.data<float>().ToArray().Should().Equal(1, 1);
    }

    [Fact]
    public void Write_OverAnExistingFile_ReplacesItAndLeavesNothingElse()
    {
        using var scope = NewDisposeScope();
        var path = folder.Write("x.safetensors", "old");
        Safetensors.Write(path, [("a", ones(2))]);
        SafetensorsHeader.Read(path).Tensors.Should().ContainSingle();
        Directory.GetFiles(folder.Root).Should().Equal(path);
    }

    [Fact]
    public void Write_ThatFails_KeepsTheOldFileAndLeavesNothingElse()
    {
        using var scope = NewDisposeScope();
        var path = folder.Write("x.safetensors", "old");
        var disposed = ones(2);
        var tensors = new (string, Tensor)[] { ("a", zeros(3)), ("b", disposed) };
        IEnumerable<(string, Tensor)> DisposedAfterwards()
        {
            foreach (var tensor in tensors) yield return tensor;
        }

        disposed.Dispose();
        FluentActions.Invoking(() => Safetensors.Write(path, DisposedAfterwards())).Should().Throw<Exception>();
        FluentActions.Invoking(() => Safetensors.Write(path, [("a", zeros(2)), ("a", zeros(2))])).Should().Throw<ArgumentException>()
            .WithMessage("*'a' is there twice*");
        FluentActions.Invoking(() => Safetensors.Write(path, [("__metadata__", zeros(2))])).Should().Throw<ArgumentException>().WithMessage("*reserved*");
        FluentActions.Invoking(() => Safetensors.Write(path, [("a", zeros(2, dtype: ScalarType.Int16))])).Should().Throw<ArgumentException>()
            .WithMessage("*'a' is Int16*BF16*");

        File.ReadAllText(path).Should().Be("old");
        Directory.GetFiles(folder.Root).Should().Equal(path);
    }

    [Fact]
    public void Write_IntoAMissingFolder_IsOneTypedError()
    {
        using var scope = NewDisposeScope();
        FluentActions.Invoking(() => Safetensors.Write(folder.At("no", "x.safetensors"), [("a", ones(1))])).Should().Throw<FileException>()
            .WithMessage("*x.safetensors cannot be written*");
    }

    /// <summary>Data that begins at an odd address, as files of other writers may have it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_UnalignedData_GivesItsValues(int spaces)
    {
        float[] values = [1, -2, 3.5f, float.NaN, float.NegativeInfinity];
        var header = """{"a": {"dtype": "F32", "shape": [5], "data_offsets": [0, 20]}}""" + new string(' ', spaces);
        var path = folder.Write("u.safetensors", SafetensorsBytes.Of(header, [.. values.SelectMany(BitConverter.GetBytes)]));
        using var read = Safetensors.Read(path)["a"];
        read.data<float>().ToArray().Should().Equal(values);
    }

    /// <summary>More than one chunk of the loader, and an end that is no multiple of anything.</summary>
    [Fact]
    public void Read_LargeTensors_GivesTheSameBits()
    {
        using var scope = NewDisposeScope();
        var random = new Random(1);
        var bytes = new byte[(20 << 20) + 13];
        random.NextBytes(bytes);
        var large = tensor(bytes);
        var small = tensor(bytes.AsSpan(0, 1001).ToArray());
        Safetensors.Write(folder.At("large.safetensors"), [("large", large), ("after", small)]);

        var read = Safetensors.Read(folder.At("large.safetensors"));

        using var a = read["large"];
        using var b = read["after"];
        a.bytes.SequenceEqual(bytes).Should().BeTrue();
        b.bytes.SequenceEqual(bytes.AsSpan(0, 1001)).Should().BeTrue();
    }

    [Fact]
    public void Read_InsideADisposeScope_OutlivesIt()
    {
        Dictionary<string, Tensor> read;
        using (NewDisposeScope())
        {
            Safetensors.Write(folder.At("x.safetensors"), [("a", ones(2))]);
            read = Safetensors.Read(folder.At("x.safetensors"));
        }

        using var a = read["a"];
        a.data<float>().ToArray().Should().Equal(1, 1);
    }

    static byte[] Bytes(Tensor tensor) => tensor.NumberOfElements == 0 ? [] : tensor.contiguous().bytes.ToArray();

    static string RandomName(Random random, int i) =>
        i + new string([.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => "abc.é漢\"\\\n\u0001/ {}"[random.Next(14)])]);

    static Tensor RandomTensor(Random random)
    {
        var type = Types[random.Next(Types.Length)];
        long[] shape = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(0, 5))];
        var tensor = empty(shape, dtype: type);
        if (tensor.NumberOfElements == 0) return tensor;
        var bytes = new byte[tensor.NumberOfElements * tensor.ElementSize];
        random.NextBytes(bytes);
        if (type == ScalarType.Bool)
            for (var i = 0; i < bytes.Length; i++) bytes[i] &= 1;
        tensor.bytes = bytes;
        return tensor;
    }
}
