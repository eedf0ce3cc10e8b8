namespace Vrp.Harness.Snapshots;

/// <summary>How a snapshot is checked.</summary>
public sealed record SnapshotOptions
{
    /// <summary>Numerics profile of this run, and how far figures may move.</summary>
    public required SnapshotRules Rules { get; init; }

    /// <summary>The subject's answers of this run: a failing check then names the samples that moved. Null: it does not.</summary>
    public LabelSnapshot? Samples { get; init; }

    /// <summary>Whether this is a CI run: nothing can be accepted there, and the texts say what to do instead.</summary>
    public bool ContinuousIntegration { get; init; } = InContinuousIntegration(Environment.GetEnvironmentVariable("CI"));

    /// <summary>The convention of GitHub, GitLab and others: the variable CI is set, and not to false or 0.</summary>
    public static bool InContinuousIntegration(string? variable) => !string.IsNullOrWhiteSpace(variable)
        && variable.Trim() is var value && !value.Equals("false", StringComparison.OrdinalIgnoreCase) && value != "0";
}
