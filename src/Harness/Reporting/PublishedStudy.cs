using Vrp.Harness.Claims;

namespace Vrp.Harness.Reporting;

/// <summary>The study whose claims are judged, as every report names it.</summary>
static class PublishedStudy
{
    public static readonly IReadOnlyList<(string Title, string Number, string Address)> Papers =
    [
        ("Where Reliability Lives in Vision-Language Models", "arXiv 2605.08200", "https://arxiv.org/abs/2605.08200"),
        ("Visuals Lie, Consistency Speaks", "arXiv 2606.17389", "https://arxiv.org/abs/2606.17389"),
    ];

    /// <summary>What came of the form as the paper prints it: "met", "not met" or "not asserted". It decides nothing.</summary>
    public static string Criterion(PublishedOutcome published) => published.Word switch
    {
        "holds" => "met",
        "fails" => "not met",
        var other => other,
    };
}
