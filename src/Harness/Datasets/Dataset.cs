using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vrp.Harness.Datasets.Answers;
using Vrp.Models.Images;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets;

/// <summary>A question set, checked and ready to run.</summary>
/// <param name="Name">Short name for reports: the file's name without its ending.</param>
/// <param name="Questions">In file order.</param>
/// <param name="Aliases">Other words for the names that answers are matched with.</param>
/// <param name="Judgements">Verdicts on free answers made elsewhere, where the set needs them.</param>
public sealed record Dataset(string Name, IReadOnlyList<Question> Questions, AliasTable Aliases, Judgements? Judgements = null)
{
    /// <summary>How the images are read, where their EXIF data say that they lie on their side.</summary>
    public ExifRule Exif { get; init; }

    /// <summary>What the images carry that readers differ about; null where they were not looked at (<see cref="DatasetOptions.CheckImages"/>).</summary>
    public ImageCounts? Images { get; init; }

    /// <summary>What the file was taken for: whose fields, in which form ("POPE's fields, JSON lines").</summary>
    public string Form { get; init; } = "";

    /// <summary>Number of different groups (images).</summary>
    public int Groups => Questions.Select(s => s.Group).Distinct().Count();

    /// <summary>The questions of the first <paramref name="images"/> images in file order, all of each.</summary>
    public Dataset Limit(int images)
    {
        if (images < 1) throw new DatasetException(Name, $"a limit of {images} images leaves nothing to do; expected at least 1.");
        var kept = Questions.Select(s => s.Group).Distinct().Take(images).ToHashSet();
        return this with { Questions = [.. Questions.Where(s => kept.Contains(s.Group))] };
    }

    /// <summary>SHA-256 of what a model is shown: ids, the images' bytes and questions. Labels are not in it, so that corrected ones reuse a trace.</summary>
    /// <param name="images">What <see cref="ImageHashes"/> gave, where it is known; null: the images are read.</param>
    public string QuestionFingerprint(IReadOnlyDictionary<string, string>? images = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var question in Questions) Append(hash, question.Id, question.Image, question.Text);
        foreach (var (image, content) in images ?? ImageHashes()) Append(hash, image, content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 of the images' bytes by name, in the order of the names.</summary>
    /// <param name="presentOnly">Without those whose file is not here (an analysis may run where no images are); otherwise a missing file is an
    /// IOException.</param>
    public SortedDictionary<string, string> ImageHashes(bool presentOnly = false)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (image, path) in Questions.Select(s => (s.Image, s.ImagePath)).Distinct().Where(one => !presentOnly || File.Exists(one.ImagePath)))
        {
            using var stream = FileDoor.OpenRead(path);
            hashes[image] = Sha256Hex.Of(stream);
        }
        return hashes;
    }

    /// <summary>SHA-256 of what answers are judged by: ids, kinds, gold answers, groups, aliases, judgements.</summary>
    public string LabelFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var question in Questions)
            Append(hash, [question.Id, question.Kind.Name(), question.Group, $"{question.Answers.Count}", .. question.Answers, $"{question.Absent.Count}",
                .. question.Absent,
                .. question.Options]);
        foreach (var (name, aliases) in Aliases.Entries) Append(hash, [name, .. aliases]);
        if (Judgements is not null) Append(hash, Judgements.Fingerprint);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>As a JSON array, so that no text can pass for two.</summary>
    static void Append(IncrementalHash hash, params string[] fields) => hash.AppendData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(fields) + "\n"));
}
