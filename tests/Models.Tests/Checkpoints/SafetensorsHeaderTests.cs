using System.Buffers.Binary;
using FsCheck.Xunit;
using Vrp.Models.Checkpoints;

namespace Vrp.Models.Tests.Checkpoints;

public sealed class SafetensorsHeaderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    SafetensorsHeader Read(byte[] file) => SafetensorsHeader.Read(folder.Write("model.safetensors", file));

    [Fact]
    public void Read_TwoTensors_GivesThemInTheOrderOfTheirBytes()
    {
        const string header = """
            {"__metadata__": {"format": "pt"}, "b": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [4, 16]},
                "a": {"data_offsets": [0, 4], "shape": [], "dtype": "F32"},
             "empty": {"dtype": "I64", "shape": [0, 5], "data_offsets": [16, 16]}}
            """;
        var start = 8 + System.Text.Encoding.UTF8.GetByteCount(header);

        var read = Read(SafetensorsBytes.Of(header, 16));

        read.Tensors.Select(t => t.Name).Should().Equal("a", "b", "empty");
        read.Tensors.Select(t => t.Offset).Should().Equal(start, start + 4, start + 16);
        read.Tensors.Select(t => t.ByteLength).Should().Equal(4, 12, 0);
        read.Tensors.Select(t => t.Type).Should().Equal(StoredType.F32, StoredType.BF16, StoredType.I64);
        read.Tensors[0].Shape.Should().BeEmpty();
        read.Tensors[1].Shape.Should().Equal(2, 3);
        read.Metadata.Should().ContainSingle().Which.Should().Be(new KeyValuePair<string, string>("format", "pt"));
    }

    [Fact]
    public void Read_HeaderPaddedWithSpaces_IsRead() => Read(SafetensorsBytes.Of("{}      ")).Tensors.Should().BeEmpty();

    const string A = """ "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} """;

    [Theory]
    [InlineData(SafetensorsDefect.Truncated, "{" + A + "}", 7)]
    [InlineData(SafetensorsDefect.Truncated, "{" + A + """, "b": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]}}""", 4)]
    [InlineData(SafetensorsDefect.OffsetsGap, "{" + A + "}", 9)]
    [InlineData(SafetensorsDefect.OffsetsGap, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}""", 12)]
    [InlineData(SafetensorsDefect.OffsetsOverlap, "{" + A + """, "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}""", 12)]
    [InlineData(SafetensorsDefect.OffsetsOverlap, "{" + A + """, "b": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.OffsetsOutOfRange, "{" + A + """, "b": {"dtype": "F32", "shape": [2], "data_offsets": [800, 808]}}""", 16)]
    [InlineData(SafetensorsDefect.OffsetsOutOfRange, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}""", 8)]
    [InlineData(SafetensorsDefect.OffsetsOutOfRange, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [-8, 0]}}""", 8)]
    [InlineData(SafetensorsDefect.OffsetsOutOfRange, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 99999999999999999999]}}""", 8)]
    [InlineData(SafetensorsDefect.OffsetsOutOfRange, """{"a": {"dtype": "U8", "shape": [1], "data_offsets": [9223372036854775806, 9223372036854775807]}}""", 8)]
    [InlineData(SafetensorsDefect.OffsetsOutOfRange, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0]}}""", 8)]
    [InlineData(SafetensorsDefect.OffsetsOutOfRange, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.SizeMismatch, """{"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.SizeMismatch, """{"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.InvalidShape, """{"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.InvalidShape, """{"a": {"dtype": "F32", "shape": [2.5], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.InvalidShape, """{"a": {"dtype": "F32", "shape": [4294967296, 4294967296, 2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.InvalidShape, """{"a": {"dtype": "F32", "shape": [9223372036854775807, 2, 0], "data_offsets": [0, 0]}}""", 0)]
    [InlineData(SafetensorsDefect.UnknownType, """{"a": {"dtype": "F8_E4M3", "shape": [8], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.UnknownType, """{"a": {"dtype": "f32", "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.UnknownType, """{"a": {"dtype": "6", "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.DuplicateKey, "{" + A + "," + A + "}", 8)]
    [InlineData(SafetensorsDefect.DuplicateKey, """{"a": {"dtype": "F32", "dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.DuplicateKey, """{"a": {"dtype": "F32", "shape": [2], "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.DuplicateKey, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.DuplicateKey, """{"__metadata__": {"x": "1", "x": "2"}}""", 0)]
    [InlineData(SafetensorsDefect.HeaderNotValid, """{"__metadata__": {"x": 1}}""", 0)]
    [InlineData(SafetensorsDefect.HeaderNotValid, """{"a": {"dtype": "F32", "shape": [2]}}""", 8)]
    [InlineData(SafetensorsDefect.HeaderNotValid, """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], "scale": 2}}""", 8)]
    [InlineData(SafetensorsDefect.HeaderNotValid, """{"a": {"dtype": 32, "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.HeaderNotValid, """{"a": {"dtype": "F32", "shape": ["2"], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.HeaderNotValid, """{"a": 1}""", 0)]
    [InlineData(SafetensorsDefect.HeaderNotValid, """{"\ud800": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""", 8)]
    [InlineData(SafetensorsDefect.HeaderNotValid, "{\"a\"", 0)]
    [InlineData(SafetensorsDefect.HeaderNotValid, " {}", 0)]
    [InlineData(SafetensorsDefect.HeaderNotValid, "{} {}", 0)]
    [InlineData(SafetensorsDefect.HeaderNotValid, "[]", 0)]
    [InlineData(SafetensorsDefect.HeaderNotValid, "", 0)]
    public void Read_BrokenHeader_IsRefusedByItsDefect(SafetensorsDefect defect, string header, int data)
    {
        var error = FluentActions.Invoking(() => Read(SafetensorsBytes.Of(header, data))).Should().Throw<SafetensorsException>().Which;
        error.Defect.Should().Be(defect, error.Message);
        error.Message.Should().StartWith(folder.At("model.safetensors")).And.MatchRegex("download|float16", "it says what to do next");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Read_FileShorterThanItsLengthField_IsTruncated(int bytes) =>
        FluentActions.Invoking(() => Read(new byte[bytes])).Should().Throw<SafetensorsException>().Which.Defect.Should().Be(SafetensorsDefect.Truncated);

    [Theory]
    [InlineData(3UL, SafetensorsDefect.HeaderBeyondFile)]
    [InlineData(100_000_000UL, SafetensorsDefect.HeaderBeyondFile)]
    [InlineData(100_000_001UL, SafetensorsDefect.HeaderTooLarge)]
    [InlineData(ulong.MaxValue, SafetensorsDefect.HeaderTooLarge)]
    public void Read_HeaderLengthThatCannotBe_IsRefused(ulong length, SafetensorsDefect defect)
    {
        var file = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        FluentActions.Invoking(() => Read(file)).Should().Throw<SafetensorsException>().Which.Defect.Should().Be(defect);
    }

    [Fact]
    public void Read_InvalidUtf8_IsRefused()
    {
        byte[] file = [.. SafetensorsBytes.Of("{\"ab\": 1}")];
        file[10] = 0xff;
        FluentActions.Invoking(() => Read(file)).Should().Throw<SafetensorsException>().Which.Defect.Should().Be(SafetensorsDefect.HeaderNotValid);
    }

    [Fact]
    public void Read_NameWithTerminalEscapes_IsShownWithoutThem() =>
        FluentActions.Invoking(() => Read(SafetensorsBytes.Of("""{"a\u001b[2Jb": {"dtype": "F9", "shape": [], "data_offsets": [0, 0]}}""")))
            .Should().Throw<SafetensorsException>().Which.Message.Should().NotContain("\u001b");

    [Fact]
    public void Read_NoSuchFile_IsACheckpointError() =>
        FluentActions.Invoking(() => SafetensorsHeader.Read(folder.At("absent"))).Should().Throw<CheckpointException>().WithMessage("*absent cannot be read*");

    /// <summary>Random bytes after a fitting length: whatever they are, the only way out is the typed error or a valid header.</summary>
    [Property(MaxTest = 500)]
    public bool Parse_RandomBytes_GivesTheTypedErrorOnly(byte[] header) => ParsesOrRefuses([(byte)'{', .. header ?? []]);

    /// <summary>A valid header with some bytes changed, inserted or cut reaches much deeper than random bytes do.</summary>
    [Property(MaxTest = 2000)]
    public bool Parse_MutatedHeader_GivesTheTypedErrorOnly(int seed)
    {
        const string valid = """{"__metadata__": {"format": "pt"}, "a.b": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},"""
            + """ "c": {"dtype": "BF16", "shape": [], "data_offsets": [8, 10]}}""";
        const string alphabet = "{}[]\",:-+.0123456789eE\\u truefalsn\0ab";
        var random = new Random(seed);
        var text = new List<char>(valid);
        for (var edits = random.Next(1, 5); edits > 0; edits--)
        {
            var at = random.Next(text.Count);
            var with = alphabet[random.Next(alphabet.Length)];
            switch (random.Next(3))
            {
                case 0: text[at] = with; break;
                case 1: text.Insert(at, with); break;
                default: text.RemoveRange(at, Math.Min(random.Next(1, 4), text.Count - at)); break;
            }

            if (text.Count == 0) break;
        }

        return ParsesOrRefuses(System.Text.Encoding.UTF8.GetBytes([.. text]));
    }

    static bool ParsesOrRefuses(byte[] header)
    {
        try
        {
            var read = SafetensorsHeader.Parse(header, 8 + header.Length, 8 + header.Length + 10, "random");
            return read.Tensors.Sum(t => t.ByteLength) == 10;
        }
        catch (SafetensorsException)
        {
            return true;
        }
    }
}
