using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Claims.Comparing;

/// <summary>Several subjects side by side: pooled and meta-analysed correlations, dose curves against each other, and the claim that only a comparison can judge.</summary>
/// <param name="Studies">The subjects, in the order given.</param>
/// <param name="Split">architecture-split.</param>
/// <param name="Estimates">Rows of the comparison, sorted; a row's arm names the subjects.</param>
public sealed record Comparison(IReadOnlyList<StudyResult> Studies, ClaimResult Split, IReadOnlyList<StudyEstimate> Estimates)
{
    /// <summary>Compares run folders.</summary>
    /// <exception cref="VrpException">Fewer than two, or two of the same subject and data.</exception>
    public static Comparison Of(IReadOnlyList<StudyResult> studies, StudyOptions? options = null)
    {
        options ??= new StudyOptions();
        if (studies.Count < 2) throw new VrpException($"a comparison needs at least two run folders, got {studies.Count}.");
        if (studies.GroupBy(study => (study.Subject, study.Data)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new VrpException($"{string.Join(" and ", twice.Select(study => study.Folder))} both hold {twice.Key.Subject} on {twice.Key.Data}: rows would be counted twice. Give each subject once.");
        var estimates = new List<StudyEstimate>(PooledCorrelations.Of(studies, options));
        estimates.AddRange(DoseDifferences.Of(studies));
        var (split, deciding) = ArchitectureSplit.Judge(studies, options);
        estimates.AddRange(deciding);
        estimates.Sort();
        return new Comparison(studies, split, estimates);
    }
}
