using Vrp.Harness.Claims;
using Vrp.Harness.Configuration;
using Vrp.Harness.Datasets;

namespace Vrp.Harness.Studying;

/// <summary>A subject of the configuration after its study.</summary>
/// <param name="Subject">As vrp.json names it.</param>
/// <param name="Study">What was found; null where it failed.</param>
/// <param name="Finished">Stages, costs; null where it failed.</param>
/// <param name="Dataset">Its questions; null where they could not be opened.</param>
/// <param name="Failure">Why there is nothing; null where there is.</param>
public sealed record JudgedSubject(SubjectConfig Subject, StudyResult? Study, FinishedStudy? Finished, Dataset? Dataset, string? Failure)
{
    /// <summary>A sample's picture, by its name; null where the data set does not hold it.</summary>
    public string? ImagePath(string image) => (imagePaths ??= Dataset?.Samples.GroupBy(sample => sample.Image).ToDictionary(same => same.Key, same => same.First().ImagePath) ?? [])
        .GetValueOrDefault(image);

    Dictionary<string, string>? imagePaths;
}
