using Vrp.Harness.Datasets;

namespace Vrp.Harness.Configuration;

/// <summary>A question set, as vrp.json names it: one file or several that are asked as one. All paths are relative to vrp.json.</summary>
public sealed record QuestionSet : DatasetOptions
{
    /// <summary>Question files (docs/datasets.md).</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
