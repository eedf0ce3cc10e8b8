using Vrp.Models.Engine;

namespace Vrp.Models.Tests.Engine;

/// <summary>The native half of TorchSharp is found, adapted where the machine's libstdc++ is old, and loaded. What a whole process does stands with the command
/// line's tests.</summary>
public sealed class EngineLibraryTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("vrp-engine-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static string Wrapper
    {
        get
        {
            var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            return Path.Combine(packages, "torchsharp", "0.107.0", "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        }
    }

    [Fact]
    public void Prepare_LibstdcxxIsNewEnough_LoadsTheOriginalAndWritesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var cache = Path.Combine(folder, "cache");

        EngineLibrary.Prepare(Wrapper, cache, libraryIsNewEnough: true).Should().Be((Wrapper, false));

        Directory.Exists(cache).Should().BeFalse();
    }

    [Fact]
    public void Prepare_LibstdcxxIsOld_WritesACopyThatDiffersInTwoBytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var before = File.ReadAllBytes(Wrapper);

        var (path, temporary) = EngineLibrary.Prepare(Wrapper, Path.Combine(folder, "cache"), libraryIsNewEnough: false);

        temporary.Should().BeFalse();
        Path.GetDirectoryName(path).Should().Be(Path.Combine(folder, "cache"));
        var after = File.ReadAllBytes(path);
        after.Length.Should().Be(before.Length);
        Enumerable.Range(0, before.Length).Count(i => before[i] != after[i]).Should().Be(2, "one flag and one binding");
        File.ReadAllBytes(Wrapper).Should().Equal(before, "the package's file is left alone");
        Directory.GetFiles(Path.Combine(folder, "cache")).Should().Equal([path], "no leftovers");
    }

    [Fact]
    public void Prepare_CachedCopyWasTamperedWith_IsWrittenAnew()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var (path, _) = EngineLibrary.Prepare(Wrapper, folder, libraryIsNewEnough: false);
        var right = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. right[..^1], (byte)(right[^1] ^ 1)]);

        EngineLibrary.Prepare(Wrapper, folder, libraryIsNewEnough: false).Path.Should().Be(path);

        File.ReadAllBytes(path).Should().Equal(right);
    }

    [Fact]
    public void Prepare_CacheCannotBeWritten_UsesAPrivateFolder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var blocked = Path.Combine(folder, "a-file");
        File.WriteAllText(blocked, "");                                                  // a folder below a file can be made by nobody, root included

        var (path, temporary) = EngineLibrary.Prepare(Wrapper, Path.Combine(blocked, "native"), libraryIsNewEnough: false);

        temporary.Should().BeTrue();
        File.Exists(path).Should().BeTrue();
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.GetDirectoryName(path)!)
            .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task Prepare_ManyAtOnce_AllGetAWholeFile()
    {
        var original = Path.Combine(folder, "lib.so");
        File.Copy(Wrapper, original);
        var cache = Path.Combine(folder, "cache");

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            var (path, _) = EngineLibrary.Prepare(original, cache, libraryIsNewEnough: false);
            return (path, length: new FileInfo(path).Length);
        })));

        paths.Distinct().Should().ContainSingle().Which.length.Should().Be(new FileInfo(original).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an ELF file at all, but longer than the header of one, which takes sixty-four bytes")]
    public void Patch_NoElfFile_SaysSo(string content)
    {
        var act = () => EngineLibrary.Patch(System.Text.Encoding.ASCII.GetBytes(content), "x.so");

        act.Should().Throw<EngineException>().WithMessage("x.so needs a newer libstdc++*it is no 64-bit ELF file*");
    }

    [Fact]
    public void Patch_TruncatedFile_SaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var bytes = File.ReadAllBytes(Wrapper)[..4096];

        ((Action)(() => EngineLibrary.Patch(bytes, "x.so"))).Should().Throw<EngineException>().WithMessage("*section table points outside*");
    }
}
