using Vrp.Harness.Datasets;
using Vrp.Models.Images;

namespace Vrp.Harness.Configuration;

/// <summary>A question set, as vrp.json names it: one file or several that are asked as one.</summary>
public sealed record DataConfig
{
    /// <summary>Question files (docs/datasets.md), relative to vrp.json.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Folder of the pictures; null: <c>images</c> beside each file, else the file's folder.</summary>
    public string? Images { get; init; }

    /// <summary>Only the first N pictures, with all of their questions.</summary>
    public int? Limit { get; init; }

    /// <summary>What becomes of pictures whose EXIF data say that they lie on their side.</summary>
    public ExifRule Exif { get; init; }

    /// <summary>A file of corrected labels, or <c>repope</c>: RePOPE's, beside each of POPE's files.</summary>
    public string? CorrectedLabels { get; init; }

    /// <summary>What becomes of questions that the corrections do not list.</summary>
    public UnlistedLabel Unlisted { get; init; } = UnlistedLabel.Drop;

    /// <summary>A file of judgements on free answers.</summary>
    public string? Judgements { get; init; }

    /// <summary>Least score that counts as right, where judgements are scores.</summary>
    public double? JudgementThreshold { get; init; }
}
