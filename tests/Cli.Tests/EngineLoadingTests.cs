using System.Diagnostics;
using Vrp.Models.Engine;
using Vrp.Models.Tests;

namespace Vrp.Cli.Tests;

/// <summary>What a fresh process does about libtorch: each case has the program to itself.</summary>
public sealed class EngineLoadingTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("vrp-engine-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static string Libtorch => (string)AppContext.GetData("Vrp.Libtorch")!;

    [Fact]
    public async Task Doctor_TwoFreshProcessesAtOnceOnAnEmptyCache_BothLoad()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var cache = new Dictionary<string, string?> { ["VRP_CACHE"] = Path.Combine(folder, "cache") };

        var runs = await Task.WhenAll(Doctor(cache), Doctor(cache));

        runs.Should().OnlyContain(run => run.Code == 0 && run.Output.Contains("libtorch    2.10.0", StringComparison.Ordinal), "{0}", runs[0].Output);
    }

    [Fact]
    public async Task Doctor_CacheIsReadOnly_StillLoads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var blocked = Path.Combine(folder, "a-file");
        File.WriteAllText(blocked, "");

        var (code, output) = await Doctor(new() { ["VRP_CACHE"] = Path.Combine(blocked, "cache") });

        code.Should().Be(0, "{0}", output);
    }

    [Fact]
    public async Task Doctor_NamedLibtorch_IsTheOneThatIsLoaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");
        var named = Directory.CreateDirectory(Path.Combine(folder, "torch", "lib")).FullName;
        foreach (var file in Directory.GetFiles(Libtorch, "lib*.so*").Where(file => !Path.GetFileName(file).Contains("python", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(named, Path.GetFileName(file)));

        var (code, output) = await Doctor(new() { [EngineLibrary.Variable] = named });

        code.Should().Be(0, "{0}", output);
        output.Should().Contain(Path.Combine(named, "libtorch_cpu.so")).And.NotContain("cannot be loaded");
    }

    [Fact]
    public async Task Doctor_NamedFolderHoldsNoLibtorch_SaysWhatIsExpected()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native library of Linux");

        var (code, output) = await Doctor(new() { [EngineLibrary.Variable] = folder });

        code.Should().Be(64);
        output.Should().Contain($"VRP_LIBTORCH={folder}: expected the folder that holds libtorch_cpu.so (torch/lib of a Python install)")
            .And.NotContain("   at ").And.NotContain("LoadNativeBackend", "TorchSharp's own loader is not asked");
    }

    [Fact]
    public async Task Ask_CudaWithoutAGpu_SaysWhatToSet()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux() || EngineLibrary.HasNvidiaDriver, "a machine without an NVIDIA driver");

        var (code, output) = await Run(["ask", Goldens.At("models", "llava-tiny"), "--device", "cuda", "Is there a dog?"], []);

        code.Should().Be(64);
        output.Should().Contain("--device cuda: no NVIDIA driver was found").And.Contain("Torch=cuda").And.NotContain("   at ");
    }

    static Task<(int Code, string Output)> Doctor(Dictionary<string, string?> environment) => Run(["doctor"], environment);

    static async Task<(int Code, string Output)> Run(string[] arguments, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Vrp.Cli"), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(output));
    }
}
