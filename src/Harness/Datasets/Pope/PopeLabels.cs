using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets.Pope;

/// <summary>RePOPE's corrected labels of POPE's three sets (Neuhaus and Hein 2025, arXiv 2504.15707), by name: files that lie beside the questions. They are
/// published in the authors' repository without a licence, so that none ships here; <c>vrp fetch pope --labels repope</c> brings them from there, and nothing
/// is kept that is not the published file byte for byte.</summary>
public static class PopeLabels
{
    /// <summary>What stands in place of a file's name.</summary>
    public const string Name = "repope";

    /// <summary>Of one file; the published ones have 340 kB.</summary>
    public const int LargestFile = 4 << 20;

    const string Published = "https://raw.githubusercontent.com/YanNeu/RePOPE/bcf22e5690d587cce34e1728af3efdcfaf747d29/annotations/";

    const string Questions = "coco_pope_", Labels = "coco_repope_";

    /// <summary>The files and the SHA-256 of each as published.</summary>
    public static IReadOnlyList<(string File, string Sha256)> Files { get; } =
    [
        ("coco_repope_adversarial.json", "8c346dbb060bf422ff92e769fa68e5ab3e8a777cb28a26e973387441e05c9ccf"),
        ("coco_repope_popular.json", "57832b055bae5fd6176278a4f104c98ddd84811f7d26dfcb93d481f6c9da09a5"),
        ("coco_repope_random.json", "f464fcaf60b24ce2f280cf33f122e000dbdd35c8e88f77c4141c9c2cba864611"),
    ];

    /// <summary>A file's address; <c>VRP_REPOPE</c> names a mirror's folder.</summary>
    public static Uri Address(string file)
    {
        var root = Environment.GetEnvironmentVariable("VRP_REPOPE") is { Length: > 0 } mirror ? mirror.TrimEnd('/') + "/" : Published;
        return Uri.TryCreate(root + file, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") ? address
            : throw new VrpException($"VRP_REPOPE={root}: expected an address that begins with http.");
    }

    /// <summary>Whether these are the published bytes of a file.</summary>
    public static bool IsPublished(string file, ReadOnlySpan<byte> bytes)
    {
        var hash = Sha256Hex.Of(bytes);
        return Files.Any(known => known.File == file && known.Sha256 == hash);
    }

    /// <summary>The file that a setting means: RePOPE's for the question file, beside it, or the setting itself.</summary>
    /// <exception cref="DatasetException">RePOPE is asked for, and the question file is none of POPE's, or the labels have not been fetched.</exception>
    public static string Locate(string setting, string questionFile)
    {
        if (setting != Name) return setting;
        var file = Path.GetFileName(questionFile);
        if (!file.StartsWith(Questions, StringComparison.Ordinal))
            throw new DatasetException(questionFile,
                $"labels \"{Name}\" are for POPE's own files, {Questions}…; for another set name the file of its labels.");
        var labels = Path.Combine(Path.GetDirectoryName(questionFile) ?? "", Labels + file[Questions.Length..]);
        return File.Exists(labels) ? labels
            : throw new DatasetException(labels,
                $"is not there. `vrp fetch pope --labels {Name}` brings it, or put the published file in this place: {Address(Path.GetFileName(labels))}");
    }
}
