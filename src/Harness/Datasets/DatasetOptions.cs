using System.Text.Json.Serialization;
using Vrp.Models.Images;

namespace Vrp.Harness.Datasets;

/// <summary>How a question file is opened; vrp.json says the same of a question set.</summary>
public record DatasetOptions
{
    /// <summary>Folder of the images; default: <c>images</c> beside the file, else the file's own folder.</summary>
    public string? Images { get; init; }

    /// <summary>Take only the first images, with all of their questions.</summary>
    public int? Limit { get; init; }

    /// <summary>What happens to images whose EXIF data say that they lie on their side.</summary>
    public ExifRule Exif { get; init; }

    /// <summary>A file of corrected labels, or <c>repope</c>: RePOPE's, beside each of POPE's files.</summary>
    public string? CorrectedLabels { get; init; }

    /// <summary>What a question means that the corrections do not list.</summary>
    public UnlistedLabel Unlisted { get; init; } = UnlistedLabel.Drop;

    /// <summary>A file of judgements on free answers.</summary>
    public string? Judgements { get; init; }

    /// <summary>Least score that counts as right, where judgements are scores.</summary>
    public double? JudgementThreshold { get; init; }

    /// <summary>Whether to decode every image before the run, so that a damaged one stops it at once and what readers differ about is counted
    /// (<see cref="Dataset.Images"/>). Off only where no image is looked at.</summary>
    [JsonIgnore]
    public bool CheckImages { get; init; } = true;
}
