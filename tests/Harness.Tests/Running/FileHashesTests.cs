using Vrp.Harness.Running;

namespace Vrp.Harness.Tests.Running;

public sealed class FileHashesTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_File_IsItsSha256() =>
        new FileHashes(folder.At("cache")).Of(folder.Write("abc.txt")).Should().Be("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    [Fact]
    public void Of_HubBlob_IsTheBlobsName()
    {
        string name = new('a', 64);
        Directory.CreateDirectory(folder.At("blobs"));
        File.WriteAllText(Path.Combine(folder.At("blobs"), name), "content that need not be read");
        File.CreateSymbolicLink(folder.At("model.safetensors"), Path.Combine(folder.At("blobs"), name));
        new FileHashes(folder.At("cache")).Of(folder.At("model.safetensors")).Should().Be(name);
    }

    [Fact]
    public void Of_LargeFileChanged_IsHashedAgain()
    {
        string path = folder.At("weights");
        using (var file = File.Create(path)) file.SetLength(65 << 20);
        var hashes = new FileHashes(folder.At("cache"));
        string first = hashes.Of(path);
        hashes.Of(path).Should().Be(first);
        Directory.GetFiles(folder.At("cache")).Should().ContainSingle("large files are remembered");

        using (var file = File.OpenWrite(path)) file.WriteByte(1);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(2));

        hashes.Of(path).Should().NotBe(first);
    }
}
