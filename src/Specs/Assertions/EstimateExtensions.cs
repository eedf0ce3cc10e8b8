using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;

namespace Vrp.Specs;

/// <summary>Where sentences about measurements begin: <c>probe.Auroc.Should().Exceed(0.95)</c>, <c>verdict.Should().BeSupported()</c>.</summary>
public static class EstimateExtensions
{
    /// <summary>Assertions on a number with its interval.</summary>
    public static EstimateAssertions Should(this Estimate? estimate) => new(estimate, "the estimate");

    /// <summary>Assertions on a row of a study; failures name the row.</summary>
    public static EstimateAssertions Should(this StudyEstimate? row) => new(row?.Estimate, row?.Name ?? "the estimate");

    /// <summary>Assertions on a verdict; failures give its reason and what would settle it.</summary>
    public static VerdictAssertions Should(this ClaimResult? result) => new(result?.Verdict, result?.Claim, result?.Reason, result?.WouldSettle);

    /// <summary>Assertions on a decision.</summary>
    public static VerdictAssertions Should(this Decision? decision) => new(decision?.Verdict, null, decision?.Reason, decision?.WouldSettle);

    /// <summary>Assertions on a bare verdict.</summary>
    public static VerdictAssertions Should(this Verdict verdict) => new(verdict, null, null, null);

    /// <summary>The figure that the study prints for a study's family.</summary>
    public static double ByFamily(this StudyResult study, double llava, double paliGemma, double qwen2VL) => study.ModelFamily switch
    {
        ModelFamily.Llava => llava,
        ModelFamily.PaliGemma => paliGemma,
        _ => qwen2VL,
    };
}
