namespace Vrp.Harness.Datasets;

/// <summary>A data set under corrected labels, and how much they changed.</summary>
/// <param name="Dataset">Without the ambiguous questions.</param>
/// <param name="Changed">Questions whose label is now the other one.</param>
/// <param name="Dropped">Questions left out as ambiguous.</param>
/// <param name="Questions">Yes-no questions before the correction.</param>
public sealed record CorrectionResult(Dataset Dataset, int Changed, int Dropped, int Questions);
