using Vrp.Models.Storage;
using Vrp.Models.Tests.Checkpoints;

namespace Vrp.Models.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_NewFile_HoldsTheBytesAndNothingLiesBesideIt()
    {
        AtomicFile.WriteText(folder.At("a.txt"), "é");
        File.ReadAllBytes(folder.At("a.txt")).Should().Equal(0xC3, 0xA9);
        Directory.GetFiles(folder.At(".")).Should().ContainSingle();
    }

    [Fact]
    public void Write_WhereNoFileCanBe_SaysSoBeforeAnythingIsWritten()
    {
        FluentActions.Invoking(() => AtomicFile.WriteText(folder.At("."), "x")).Should().Throw<FileException>().WithMessage("*is a folder*");
        FluentActions.Invoking(() => AtomicFile.WriteText(folder.At("none/a.txt"), "x")).Should().Throw<FileException>()
            .WithMessage("*there is no folder *none. Make it*");
    }

    [Fact]
    public void Write_FailsHalfway_LeavesTheOlderFileAndNoRemains()
    {
        File.WriteAllText(folder.At("a.txt"), "old");
        FluentActions.Invoking(() => AtomicFile.Write(folder.At("a.txt"), stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        })).Should().Throw<FileException>().WithMessage("*a.txt cannot be written: No space left*");
        File.ReadAllText(folder.At("a.txt")).Should().Be("old");
        Directory.GetFiles(folder.At(".")).Should().ContainSingle();
    }

    /// <summary>A buffered stream fails a second time when it is closed.</summary>
    [Fact]
    public void Dispose_DiskFullAtTheLastBytes_RemovesWhatWasBegun()
    {
        var file = AtomicFile.Open(folder.At("a.txt"), path => new Closing(path));
        file.Stream.WriteByte(1);
        file.Dispose();
        Directory.GetFiles(folder.At(".")).Should().BeEmpty();
    }

    [Fact]
    public void Commit_NotCalled_NothingAppears()
    {
        using (var file = AtomicFile.Open(folder.At("a.txt"))) file.Stream.WriteByte(1);
        Directory.GetFiles(folder.At(".")).Should().BeEmpty();
    }

    [Fact]
    public void Write_TwoThreadsOneName_OneOfThemIsThereWhole()
    {
        Parallel.For(0, 50, i => AtomicFile.Write(folder.At("a.bin"), new byte[1000].Select(_ => (byte)i).ToArray()));
        File.ReadAllBytes(folder.At("a.bin")).Distinct().Should().ContainSingle();
        Directory.GetFiles(folder.At(".")).Should().ContainSingle();
    }

    sealed class Closing(string path) : FileStream(path, FileMode.Create)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing) throw new IOException("No space left on device");
        }
    }
}
