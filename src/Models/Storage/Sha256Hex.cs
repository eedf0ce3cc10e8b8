using System.Security.Cryptography;
using System.Text;

namespace Vrp.Models.Storage;

/// <summary>SHA-256 the way the whole house writes it: 64 lower-case hexadecimal digits. A file of its own, since keys, manifests, caches and names all have to
/// agree on it.</summary>
public static class Sha256Hex
{
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <param name="text">Taken as UTF-8.</param>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <param name="content">From where it stands to its end.</param>
    public static string Of(Stream content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
