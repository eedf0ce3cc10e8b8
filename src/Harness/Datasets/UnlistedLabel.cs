namespace Vrp.Harness.Datasets;

/// <summary>What happens to a question that a file of corrected labels does not list.</summary>
public enum UnlistedLabel
{
    /// <summary>It was ambiguous and is left out: RePOPE publishes its files so.</summary>
    Drop,

    /// <summary>Its label was right and stays: for files that hold changes only.</summary>
    Keep,
}
