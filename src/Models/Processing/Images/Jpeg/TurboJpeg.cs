using System.Runtime.InteropServices;

namespace Vrp.Models.Processing.Images;

/// <summary>The functions of libturbojpeg in use (turbojpeg.h, API 2.x, which 3.x still exports).
/// Its <c>unsigned long</c> is <see cref="CULong"/>: 8 bytes on Linux and macOS, 4 on Windows.</summary>
static partial class TurboJpeg
{
    /// <summary>TJPF_RGB: 3 bytes per pixel. A gray JPEG is spread to it.</summary>
    public const int PixelFormatRgb = 0;

    /// <summary>TJPF_CMYK: 4 bytes per pixel, as stored; a YCCK JPEG is converted to it.</summary>
    public const int PixelFormatCmyk = 11;

    /// <summary>TJFLAG_ACCURATEDCT: the slow integer DCT (JDCT_ISLOW), which Pillow uses.</summary>
    public const int AccurateDct = 4096;

    /// <summary>TJFLAG_LIMITSCANS: an error beyond 500 scans of a progressive file (<see cref="ImageLimits.MaxScans"/>).</summary>
    public const int LimitScans = 32768;

    /// <summary>TJERR_WARNING: the picture was decoded, but something was wrong with the file.</summary>
    public const int Warning = 0;

    const string Library = "turbojpeg";

    static readonly string[] Names = OperatingSystem.IsWindows() ? ["turbojpeg.dll", "libturbojpeg.dll"]
        : OperatingSystem.IsMacOS() ? ["libturbojpeg.0.dylib", "libturbojpeg.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib"]
        : ["libturbojpeg.so.0", "libturbojpeg.so.1", "libturbojpeg.so"];

    static TurboJpeg() => NativeLibrary.SetDllImportResolver(typeof(TurboJpeg).Assembly, Resolve);

    /// <summary>The name under which the library was found, null when it is not installed.</summary>
    public static string? Found => Names.FirstOrDefault(name => NativeLibrary.TryLoad(name, typeof(TurboJpeg).Assembly, null, out _));

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial nint InitCompress();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    public static unsafe partial int DecompressHeader(nint handle, byte* jpeg, CULong size, out int width, out int height, out int subsampling, out int colorspace);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static unsafe partial int Decompress(nint handle, byte* jpeg, CULong size, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static unsafe partial int Compress(nint handle, byte* pixels, int width, int pitch, int height, int pixelFormat, out nint jpeg, out CULong size, int subsampling, int quality, int flags);

    [LibraryImport(Library, EntryPoint = "tjFree")]
    public static partial void Free(nint buffer);

    [LibraryImport(Library, EntryPoint = "tjGetErrorCode")]
    public static partial int ErrorCode(nint handle);

    /// <summary>What the last call on this handle complained about.</summary>
    public static string ErrorText(nint handle) => Marshal.PtrToStringUTF8(GetErrorString(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorString(nint handle);

    static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;          // 0: the runtime's own search
        foreach (string candidate in Names)
            if (NativeLibrary.TryLoad(candidate, assembly, path, out nint handle))
                return handle;
        throw new TurboJpegMissingException(Names);
    }
}
