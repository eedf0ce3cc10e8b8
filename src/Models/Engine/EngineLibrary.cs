using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using Vrp.Models.Storage;

namespace Vrp.Models.Engine;

/// <summary>Finds libtorch and the native half of TorchSharp, and loads them before TorchSharp's own loader looks, which would not do in three cases.
/// <para>A machine with another libtorch among its system libraries (Debian's libtorch-dev): the loader takes that one, of another version. So libtorch is
/// loaded by its full path first; a library that is loaded is found by its name.</para>
/// <para>Debian 12 and Ubuntu 22.04: libLibTorchSharp.so 0.107 asks libstdc++ for version GLIBCXX_3.4.32 because of one symbol,
/// <c>std::ios_base_library_init()</c>, which nothing calls (a newer compiler names it to make the linker ask for a newer library). Their libstdc++ ends at
/// 3.4.30 and the loader refuses the file, after which TorchSharp copies 480 MB beside the program and gives up. A copy in which that version and that symbol
/// are weak loads. The package's file is left alone; a machine with a newer libstdc++ never needs the copy.</para>
/// <para><c>VRP_LIBTORCH</c>: the folder <c>torch/lib</c> of a Python install, or any other folder with libtorch 2.10, in place of the package's (a GPU machine
/// that has PyTorch needs no second CUDA).</para>
/// </summary>
public static partial class EngineLibrary
{
    /// <summary>Environment variable: the folder that holds libtorch_cpu.so, in place of the package's.</summary>
    public const string Variable = "VRP_LIBTORCH";

    /// <summary>Host option (runtimeconfig.json): the package's folder of natives, written by this repository's build so that a dozen outputs need no copy of
    /// 480 MB.</summary>
    const string BuildOption = "Vrp.Libtorch";

    const string Needed = "2.10.", Package = "libtorch-cpu-linux-x64/2.10.0", Libtorch = "libtorch_cpu.so", Wrapper = "libLibTorchSharp.so";
    const string TooNew = "GLIBCXX_3.4.32", Marker = "_ZSt21ios_base_library_initv";

    // An event handler cannot throw to whoever uses a tensor: what went wrong is kept for EnsureLoaded.
    static readonly Lazy<EngineException?> Failure = new(() =>
    {
        try
        {
            Load();
            return null;
        }
        catch (EngineException e)
        {
            return e;
        }
    });

    static readonly Lazy<string> Described = new(() => Describe(NativeLibrary.Load(PathOf("libtorch_cpu")
        ?? throw new EngineException("libtorch_cpu.so is not loaded, although TorchSharp is."))));

    /// <summary>The folder that <see cref="Variable"/> names, or null.</summary>
    public static string? NamedFolder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>The copy of libLibTorchSharp.so that was loaded instead of the package's, or null.</summary>
    public static string? PatchedCopy { get; private set; }

    /// <summary>Hooks in before the first use of torch. Nothing is loaded yet, so that a command without tensors starts at once: that happens when
    /// TorchSharp.dll is.</summary>
    [ModuleInitializer, SuppressMessage("Usage", "CA2255",
        Justification = "Nothing of ours runs before the first tensor in a program that begins with TorchSharp.")]
    internal static void Register()
    {
        if (!OperatingSystem.IsLinux()) return;
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name == "TorchSharp") _ = Failure.Value;
        };
        if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "TorchSharp")) _ = Failure.Value;
    }

    /// <summary>Makes sure that tensors can be made on a kind of device. CUDA has to be asked for first: a process that starts on the CPU stays
    /// there.</summary>
    /// <exception cref="EngineException">libtorch cannot be loaded; or CUDA was asked for and cannot be used, with what to do.</exception>
    public static void Require(DeviceType device)
    {
        bool usable;
        EnsureLoaded();
        try
        {
            usable = torch.TryInitializeDeviceType(device);
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw new EngineException($"libtorch cannot be loaded: {(e.InnerException ?? e).Message.Split('\n')[0].Trim()} `vrp doctor` says what was looked "
                + "for.", e);
        }
        if (device == DeviceType.CUDA && !usable) throw new EngineException($"--device cuda: {CudaRemedy()}");
    }

    /// <summary>Loads libtorch if nothing has yet, without choosing a device. Whatever uses torch first calls this or <see cref="Require"/>: TorchSharp's own
    /// failure is forty lines and no advice.</summary>
    /// <exception cref="EngineException">libtorch cannot be loaded, with what to do.</exception>
    public static void EnsureLoaded()
    {
        if (OperatingSystem.IsLinux() && Failure.Value is { } failure) throw failure;
    }

    /// <summary>Why CUDA cannot be used, and what to do about it.</summary>
    public static string CudaRemedy() => (HasCudaLibrary, HasNvidiaDriver) switch
    {
        (false, true) =>
            "this machine has an NVIDIA driver, but the program was built with the CPU's libtorch. Build with Torch=cuda (`Torch=cuda ./vrp …`, or "
                + "-p:Torch=cuda), "
            + $"or set {Variable} to the folder torch/lib of a Python install of PyTorch 2.10 with CUDA.",
        (false, false) =>
            "no NVIDIA driver was found (/proc/driver/nvidia, /dev/nvidia0), and the program was built with the CPU's libtorch. Use --device cpu, or a "
                + "machine with a GPU and Torch=cuda.",
        (true, false) =>
            "libtorch has CUDA, but no NVIDIA driver was found (/proc/driver/nvidia, /dev/nvidia0). In a container, start it with the GPU passed through "
                + "(docker run --gpus all).",
        (true, true) =>
            "libtorch has CUDA and there is a driver, but no device can be used. `nvidia-smi` says which driver it is: CUDA 12.8 needs 570 or later. See "
                + "CUDA_VISIBLE_DEVICES too.",
    };

    /// <summary>Whether the kernel's NVIDIA driver is there.</summary>
    public static bool HasNvidiaDriver => Directory.Exists("/proc/driver/nvidia") || File.Exists("/dev/nvidia0") || File.Exists("/dev/nvidiactl");

    /// <summary>Where the loaded library of a name lies, e.g. <c>libtorch_cpu</c>; null when this process has none. Linux only.</summary>
    public static string? PathOf(string library) => !File.Exists("/proc/self/maps") ? null
        : File.ReadLines("/proc/self/maps").Select(line => line.IndexOf('/') is >= 0 and var at ? line[at..] : "")
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith(library + ".so", StringComparison.Ordinal));

    /// <summary>libtorch's own description of its build: compiler, BLAS, the instruction set its kernels use here, its version; several lines. Linux only:
    /// elsewhere empty.</summary>
    public static string Configuration()
    {
        if (!OperatingSystem.IsLinux()) return "";
        Require(DeviceType.CPU);
        return Described.Value;
    }

    /// <summary>The instruction set that libtorch's kernels use: <c>AVX512</c>, <c>AVX2</c>, <c>DEFAULT</c>, … (<c>ATEN_CPU_CAPABILITY</c> lowers
    /// it).</summary>
    public static string CpuCapability() =>
        Configuration().Split('\n').Select(line => line.Split("CPU capability usage:")).FirstOrDefault(parts => parts.Length == 2)?[1].Trim() ?? "unknown";

    static bool HasCudaLibrary => PathOf("libtorch_cuda") is not null;

    static void Load()
    {
        // libgomp reads it when it is loaded, and .NET's own environment is a copy that C code does not see. Threads that spin between parallel sections take
        // the core that another's work waits for: a sum over 4 MB took 4 to 8 ms instead of 0.1 with two threads on two busy cores.
        _ = setenv("OMP_WAIT_POLICY", "passive", overwrite: 0);
        var beside = SearchFolders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, Libtorch)));
        var named = NamedFolder;
        if (named is not null && beside is not null)
        {
            throw new EngineException($"{Variable}={named}: this program has a libtorch of its own, {beside}, and TorchSharp would load both. Reference "
                + $"{Package.Split('/')[0]} with ExcludeAssets=\"native\" "
                + $"and build again, or unset {Variable}.");
        }
        if (named is not null && !File.Exists(Path.Combine(named, Libtorch)))
        {
            throw new EngineException($"{Variable}={named}: expected the folder that holds {Libtorch} (torch/lib of a Python install).");
        }
        var libtorch = named ?? beside ?? PackageFolders().FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, Libtorch)))
            ?? throw new EngineException($"{Libtorch} is neither beside the program nor in the package folder ({string.Join(", ", PackageFolders())}). "
                + $"Restore the packages (dotnet restore), or set {Variable} to a folder with libtorch 2.10.");
        LoadLibtorch(libtorch, named is not null);
        var wrapper = SearchFolders().Select(candidate => Path.Combine(candidate, Wrapper)).FirstOrDefault(File.Exists)
            ?? throw new EngineException($"{Wrapper} is not beside the program: build it again, with the package TorchSharp 0.107.");
        if (!NativeLibrary.TryLoad(wrapper, out _)) LoadPatched(Prepare(wrapper, Path.Combine(CacheFolder.Path, "native"), HasSymbol()));
    }

    /// <summary>TorchSharp finds it afterwards: the loader takes a loaded library for every name that it bears inside, wherever it lies.</summary>
    static void LoadPatched((string Path, bool Temporary) prepared)
    {
        try
        {
            NativeLibrary.Load(prepared.Path);
            PatchedCopy = prepared.Path;
        }
        catch (DllNotFoundException e)
        {
            throw new EngineException($"{prepared.Path} cannot be loaded: {e.Message.Split('\n')[0]}", e);
        }
        finally
        {
            if (prepared.Temporary) Directory.Delete(Path.GetDirectoryName(prepared.Path)!, recursive: true);      // what is mapped stays
        }
    }

    static void LoadLibtorch(string folder, bool named)
    {
        foreach (var file in (string[])["libc10.so", Libtorch, "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"])
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path)) continue;
            try
            {
                var loaded = NativeLibrary.Load(path);
                if (named && file == Libtorch && VersionOf(loaded) is var version && !version.StartsWith(Needed, StringComparison.Ordinal))
                {
                    throw new EngineException($"{Variable}={folder}: this is libtorch {version}; TorchSharp 0.107 needs {Needed}x exactly. Install torch "
                        + $"2.10, or unset {Variable}.");
                }
            }
            catch (DllNotFoundException e)
            {
                throw new EngineException($"{path} cannot be loaded: {e.Message.Split('\n')[0]}", e);
            }
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)] private static partial int setenv(string name, string value, int overwrite);

    static string VersionOf(nint libtorch) =>
        Describe(libtorch).Split("TORCH_VERSION=") is [_, var rest, ..] ? rest.Split(',', '\n')[0].Trim() : "of an unknown version";

    /// <summary>Calls <c>std::string at::show_config()</c>: the caller passes where the string is to be made; its first two words are the address and the
    /// length of its text.</summary>
    static unsafe string Describe(nint libtorch)
    {
        if (!NativeLibrary.TryGetExport(libtorch, "_ZN2at11show_configB5cxx11Ev", out var function)) return "";
        var made = stackalloc nint[4];
        ((delegate* unmanaged<nint*, nint*>)function)(made);
        return Encoding.UTF8.GetString((byte*)made[0], checked((int)made[1]));
    }

    /// <summary>Where the runtime looks for native libraries: the program's folder and its runtimes folder.</summary>
    static IEnumerable<string> SearchFolders() =>
        ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [])
        .Concat([AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")]);

    static IEnumerable<string> PackageFolders()
    {
        if (AppContext.GetData(BuildOption) is string { Length: > 0 } built) yield return built;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } root ? root
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".nuget", "packages");
        yield return Path.Combine(packages, Package, "runtimes", "linux-x64", "native");
    }

    /// <summary>Whether this machine's libstdc++ has the symbol that the package's library asks for.</summary>
    static bool HasSymbol() => NativeLibrary.TryLoad("libstdc++.so.6", out var runtime) && NativeLibrary.TryGetExport(runtime, Marker, out _);

    /// <summary>The file to load: the original where libstdc++ is new enough; else a patched copy in the cache folder, named by the original's hash and
    /// compared with what it has to hold before it is believed; else, where that folder cannot be written, one in a fresh private folder that the caller
    /// deletes.</summary>
    internal static (string Path, bool Temporary) Prepare(string original, string cache, bool libraryIsNewEnough)
    {
        if (libraryIsNewEnough) return (original, false);
        var bytes = File.ReadAllBytes(original);
        var name = $"LibTorchSharp-{Sha256Hex.Of(bytes)[..16]}.so";
        Patch(bytes, original);
        var kept = Path.Combine(cache, name);
        try
        {
            if (File.Exists(kept) && File.ReadAllBytes(kept).AsSpan().SequenceEqual(bytes)) return (kept, false);
            Directory.CreateDirectory(cache);
            AtomicFile.Write(kept, bytes);
            return (kept, false);
        }
        catch (Exception e) when (e is FileException or IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written is no reason not to start: a private copy costs 10 ms.
            var once = Path.Combine(Directory.CreateTempSubdirectory("vrp-").FullName, name);
            File.WriteAllBytes(once, bytes);
            return (once, true);
        }
    }

    /// <summary>Makes the need for GLIBCXX_3.4.32 and its one symbol weak, in the bytes of a 64-bit little-endian ELF file.</summary>
    internal static void Patch(Span<byte> elf, string file)
    {
        const uint DynamicSymbols = 11, VersionNeeds = 0x6ffffffe;
        if (elf.Length < 64 || BinaryPrimitives.ReadUInt32BigEndian(elf) != 0x7f454c46 || elf[4] != 2 || elf[5] != 1)
            throw Unpatchable(file, "it is no 64-bit ELF file");
        var sections = 0;
        try
        {
            var table = (long)U64(elf, 0x28);
            int size = U16(elf, 0x3a), count = U16(elf, 0x3c);
            for (var i = 0; i < count; i++)
            {
                var header = checked((int)(table + (long)i * size));
                var type = U32(elf, header + 4);
                if (type is not (DynamicSymbols or VersionNeeds)) continue;
                int offset = checked((int)U64(elf, header + 0x18)), length = checked((int)U64(elf, header + 0x20));
                var names = checked((int)U64(elf, checked((int)(table + U32(elf, header + 0x28) * (long)size)) + 0x18));
                sections += type == DynamicSymbols ? WeakenSymbol(elf, offset, length, names) : WeakenVersion(elf, offset, names);
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw Unpatchable(file, "its section table points outside of it");
        }
        if (sections != 2) throw Unpatchable(file, $"it does not name {TooNew} and {Marker} once each");
    }

    static int WeakenSymbol(Span<byte> elf, int offset, int length, int names)
    {
        const int Size = 24, Info = 4, Weak = 2;
        for (var at = offset; at + Size <= offset + length; at += Size)
        {
            if (!NameIs(elf, names + (int)U32(elf, at), Marker)) continue;
            elf[at + Info] = (byte)(Weak << 4 | elf[at + Info] & 0xf);
            return 1;
        }
        return 0;
    }

    static int WeakenVersion(Span<byte> elf, int offset, int names)
    {
        const ushort WeakFlag = 2;
        for (var need = offset; ; need += (int)U32(elf, need + 12))
        {
            int count = U16(elf, need + 2);
            for (int i = 0, at = need + (int)U32(elf, need + 8); i < count; i++, at += (int)U32(elf, at + 12))
            {
                if (!NameIs(elf, names + (int)U32(elf, at + 8), TooNew)) continue;
                BinaryPrimitives.WriteUInt16LittleEndian(elf[(at + 4)..], (ushort)(U16(elf, at + 4) | WeakFlag));
                return 1;
            }
            if (U32(elf, need + 12) == 0) return 0;
        }
    }

    static bool NameIs(ReadOnlySpan<byte> elf, int at, string name) =>
        elf.Slice(at, name.Length + 1) is var text && text[^1] == 0 && Encoding.ASCII.GetString(text[..^1]) == name;

    static ushort U16(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[at..]);

    static uint U32(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]);

    static ulong U64(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf[at..]);

    static EngineException Unpatchable(string file, string reason) =>
        new($"{file} needs a newer libstdc++ than this machine has, and cannot be adapted: {reason}. Use Debian 13, Ubuntu 24.04 or later, or TorchSharp "
            + "0.107.0's own file.");
}

/// <summary>The tensor engine cannot be loaded, or cannot do what was asked of it.</summary>
public sealed class EngineException(string message, Exception? inner = null) : VrpException(message, inner);
