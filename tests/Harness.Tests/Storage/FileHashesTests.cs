using Vrp.Harness.Storage;

namespace Vrp.Harness.Tests.Storage;

public sealed class FileHashesTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_File_IsItsSha256() =>
        new FileHashes(folder.At("cache")).Of(folder.Write("abc.txt")).Should().Be("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    [Fact]
    public void Of_HubBlobUnderAnothersName_IsItsContentsHash()
    {
        string name = new('a', 64);
        Directory.CreateDirectory(folder.At("blobs"));
        File.WriteAllText(Path.Combine(folder.At("blobs"), name), "other weights under that name");
        File.CreateSymbolicLink(folder.At("model.safetensors"), Path.Combine(folder.At("blobs"), name));
        new FileHashes(folder.At("cache")).Of(folder.At("model.safetensors")).Should()
            .Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("other weights under that name"u8)));
    }

    [Fact]
    public void Of_LargeFile_IsReadOnceAndAgainWhenChanged()
    {
        var (hashes, path, first) = Remembered();
        hashes.Of(path).Should().Be(first);
        Directory.GetFiles(folder.At("cache")).Should().ContainSingle("large files are remembered");

        using (var file = File.OpenWrite(path)) file.WriteByte(1);

        hashes.Of(path).Should().NotBe(first);
    }

    [Fact]
    public void Of_LargeFileReplacedByOneOfTheSameSizeAndTime_IsHashedAgain()
    {
        var (hashes, path, first) = Remembered();
        var written = File.GetLastWriteTimeUtc(path);
        using (var file = File.Create(folder.At("other")))
        {
            file.SetLength(65 << 20);
            file.WriteByte(1);
        }
        File.SetLastWriteTimeUtc(folder.At("other"), written);
        File.Move(folder.At("other"), path, overwrite: true);
        hashes.Of(path).Should().NotBe(first, "it is another file");
    }

    [Fact]
    public void Of_LargeFileOverwrittenAndItsTimePutBack_IsHashedAgain()
    {
        var (hashes, path, first) = Remembered();
        var written = File.GetLastWriteTimeUtc(path);
        using (var file = File.OpenWrite(path)) file.WriteByte(1);
        File.SetLastWriteTimeUtc(path, written);
        hashes.Of(path).Should().NotBe(first, "the time of change cannot be put back");
    }

    [Fact]
    public void Identity_FileChangedJustNow_HasNone()
    {
        var path = folder.Write("new", "text");
        FileIdentity.Of(path, DateTimeOffset.UtcNow).Should().BeNull("two writes within one tick of the clock look alike");
        FileIdentity.Of(path, DateTimeOffset.UtcNow.AddSeconds(10)).Should().NotBeNull();
        FileIdentity.Of(folder.At("nowhere"), DateTimeOffset.UtcNow.AddSeconds(10)).Should().BeNull();
    }

    /// <summary>A file of 65 MB whose hash is kept: it has to lie still for two seconds first.</summary>
    (FileHashes Hashes, string Path, string First) Remembered()
    {
        var path = folder.At("weights");
        using (var file = File.Create(path)) file.SetLength(65 << 20);
        var hashes = new FileHashes(folder.At("cache"));
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); FileIdentity.Of(path) is null
            && waited.Elapsed < TimeSpan.FromSeconds(20); Thread.Sleep(100)) { }
        return (hashes, path, hashes.Of(path));
    }
}
