using System.Security.Cryptography;
using System.Text;

namespace Vrp.Models.Checkpoints.Hub;

/// <summary>A file of a repository at a commit.</summary>
/// <param name="Path">In the repository, with slashes.</param>
/// <param name="Size">In bytes; null where a mirror does not say.</param>
/// <param name="Etag">The hub's name of the content, and the blob's in the cache: SHA-256 of a large file, git's SHA-1 of a plain one.</param>
public sealed record HubFile(string Path, long? Size, string Etag)
{
    const int Sha256Digits = 64, Sha1Digits = 40;

    /// <summary>A slip or an attack beyond it: sums of sizes stay numbers.</summary>
    const long Largest = 1L << 43;

    /// <exception cref="HubException">A name or hash that would lead out of the cache.</exception>
    internal static HubFile Checked(string path, long? size, string etag, string where)
    {
        SafePath.Check(path, where);
        if (etag.Length is not (Sha256Digits or Sha1Digits) || !etag.All(char.IsAsciiHexDigitLower))
            throw new HubException(HubProblem.NotAHub, $"{where} gives {Display.Name(path)} the etag '{Display.Name(etag)}'; expected a SHA-256 or git's "
                + "SHA-1. "
                + "A proxy or mirror that changes etags cannot be checked: fetch from another endpoint (HF_ENDPOINT).");
        return size is null or (>= 0 and <= Largest) ? new HubFile(path, size, etag)
            : throw new HubException(HubProblem.NotAHub, $"{where} gives {Display.Name(path)} the size {size}.");
    }

    /// <summary>A hash that becomes <see cref="Etag"/> when all bytes were appended. Git hashes a header with the length before them.</summary>
    internal IncrementalHash StartHash(long size)
    {
        if (Etag.Length == Sha256Digits) return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {size}\0")));
        return hash;
    }

    internal string HashName => Etag.Length == Sha256Digits ? "SHA-256" : "git SHA-1";
}
