using Vrp.Harness.Storage;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Tests.Storage;

public sealed class TensorFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Path => folder.At("a.safetensors");

    void Write(string header, int bytes)
    {
        var json = System.Text.Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[bytes]]);
    }

    [Fact]
    public void Read_WhatWasWritten_IsThere()
    {
        using (var stream = File.Create(Path))
            TensorFile.Write(stream, [StoredArray.Of("a", new float[] { 1, 2, 3, 4 }, 2, 2), StoredArray.Of("b", new[] { 7 }, 1)]);
        var file = TensorFile.Open(Path);
        file.ReadFloats("a", 1, 2).Should().Equal(2, 3);
        file.ReadInts("b").Should().Equal(7);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4611686018427387904]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""")]
    [InlineData("""{"a":{"dtype":"-1","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":["x"],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("[1]")]
    [InlineData("")]
    public void Open_HeaderThatBreaksTheFormat_IsOneTypedError(string header)
    {
        Write(header, 4);
        FluentActions.Invoking(() => TensorFile.Open(Path)).Should().Throw<SafetensorsException>();
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 3L)]
    [InlineData(3, null)]
    [InlineData(1, long.MaxValue)]
    [InlineData(0, -1L)]
    public void ReadFloats_BeyondTheArray_IsAStoreError(long first, long? count)
    {
        Write("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        TensorFile.Open(Path).Invoking(file => file.ReadFloats("a", first, count)).Should().Throw<StoreException>().WithMessage("*a has 2 elements*");
    }
}
