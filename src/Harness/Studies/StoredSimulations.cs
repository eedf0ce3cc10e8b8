using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Studies;

/// <summary>Null distributions kept in a run's folder (<c>simulations/NAME-KEY.json</c>). The key holds everything that the numbers depend on, and the build of
/// this program: an edited statistic is another build and is computed anew, while an edited threshold finds its simulation.</summary>
/// <param name="folder">The run's folder.</param>
sealed class StoredSimulations(string folder)
{
    static readonly JsonSerializerOptions options = JsonText.Strict(new());

    public double[] Get(string name, string? about, Func<double[]> compute)
    {
        if (about is null) return compute();
        var key = Sha256Hex.Of($"{AnalysisInputs.Program}\n{name}\n{about}");
        var path = Path.Combine(folder, "simulations", $"{name}-{key[..16]}.json");
        if (File.Exists(path)) return Read(path, key);
        var values = compute();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new Kept(key, values, Digest(key, values))));
        return values;
    }

    static double[] Read(string path, string key)
    {
        try
        {
            var kept = JsonText.Parse<Kept>(FileDoor.ReadAllBytes(path), path, options);
            return kept.Key == key && kept.Values.Length > 0 && kept.Sha256 == Digest(key, kept.Values) ? kept.Values
                : throw new VrpException($"{path} is not what was written. Delete it; it is computed again.");
        }
        catch (JsonTextException error)
        {
            throw new VrpException($"{path} is damaged: {error.Problem} Delete it; it is computed again.", error);
        }
    }

    /// <summary>Over the bits of the numbers: a file that was edited, or has one bit flipped on the disk, is refused.</summary>
    static string Digest(string key, double[] values) =>
        Sha256Hex.Of([.. Encoding.UTF8.GetBytes(key), .. MemoryMarshal.AsBytes<double>(values)]);

    sealed record Kept(string Key, double[] Values, string Sha256);
}
