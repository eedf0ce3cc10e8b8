using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Studies;

/// <summary>Everything that an analysis depends on, as one hash: the program, the stores' content, the labels, the protocol. Where it is what it was, the
/// analysis would give the same bytes again, and the run folder's are taken.</summary>
static class AnalysisInputs
{
    /// <summary>Of the compiled code: deterministic builds give the same ids for the same sources, and others for any change of a statistic, a threshold or a
    /// word.</summary>
    internal static readonly string Program = string.Join(' ',
        new[] { typeof(Study), typeof(VrpException) }.Select(type => type.Module.ModuleVersionId.ToString("N")));

    /// <summary>64 hexadecimal digits; null for a trace or interventions made up in memory, which nothing is known by.</summary>
    /// <param name="trace">What the model showed.</param>
    /// <param name="interventions">What it answered when changed; null where there are none.</param>
    /// <param name="dataset">For its labels, aliases and judgements.</param>
    /// <param name="protocol">Draws, seeds, margins, thresholds.</param>
    /// <param name="program">For tests; null: this one.</param>
    public static string? Of(TraceSet trace, InterventionSet? interventions, Dataset dataset, StudyOptions protocol, string? program = null)
    {
        if (trace.Facts.Content.Length == 0 || interventions?.Content.Length == 0) return null;
        return Sha256Hex.Of(JsonSerializer.SerializeToUtf8Bytes(new
        {
            Program = program ?? Program,
            Runtime = RuntimeInformation.FrameworkDescription,
            trace.Facts,
            Interventions = interventions?.Content,
            Labels = dataset.LabelFingerprint(),
            Questions = dataset.Questions.Select(question => question.Text),
            Protocol = protocol,
        }));
    }
}

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
