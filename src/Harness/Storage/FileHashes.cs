using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>SHA-256 of files' contents. Those of large files are remembered by what the file system knows the file by (<see cref="FileIdentity"/>), since
/// hashing 14 GB of weights takes half a minute. A name is never believed: a blob of the hub's cache, which carries its hash as its name, is read like any
/// other file.</summary>
public sealed class FileHashes
{
    /// <summary>Smaller files are hashed every time.</summary>
    const long Large = 64 << 20;

    readonly string cache;

    /// <param name="cache">Folder of remembered hashes; default <c>hashes</c> in the cache folder.</param>
    public FileHashes(string? cache = null) => this.cache = cache ?? Path.Combine(CacheFolder.Path, "hashes");

    /// <summary>64 hexadecimal digits.</summary>
    public string Of(string path)
    {
        var file = new FileInfo(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
        // Identity before content: a file that is replaced while it is read has another one afterwards, and its hash is not found again.
        if (file.Length < Large || FileIdentity.Of(file.FullName) is not { } identity) return Compute(file.FullName);

        var about = $"{file.FullName}\n{identity}\n";
        var remembered = Path.Combine(cache, Sha256Hex.Of(file.FullName));
        if (File.Exists(remembered) && File.ReadAllText(remembered) is var text && text.StartsWith(about, StringComparison.Ordinal)
            && IsHash(text[about.Length..].Trim()))
            return text[about.Length..].Trim();

        var hash = Compute(file.FullName);
        Remember(remembered, about + hash);
        return hash;
    }

    static bool IsHash(string name) => name.Length == 64 && name.All(c => char.IsAsciiHexDigitLower(c));

    static string Compute(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        return Sha256Hex.Of(stream);
    }

    /// <summary>Without a writable cache folder nothing is remembered, and the next run hashes again.</summary>
    void Remember(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(cache);
            AtomicFile.WriteText(path, text);
        }
        catch (Exception e) when (e is FileException or IOException or UnauthorizedAccessException)
        {
            System.Diagnostics.Debug.WriteLine(e.Message);
        }
    }
}
