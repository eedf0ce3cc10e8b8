using System.Text.Json.Nodes;
using Vrp.Harness.Claims;

namespace Vrp.Harness.Reporting;

/// <summary>The study's printed figures and the row of metrics.json beside each, in the printed unit; layers also as depths, since models differ in their
/// number.</summary>
static class FigureRows
{
    public static JsonArray Of(Claim claim, IReadOnlyList<StudyResult> studies) => [.. claim.Figures.Select(figure => (JsonNode)new JsonObject
    {
        ["what"] = SafeJson.Of(figure.What),
        ["note"] = SafeJson.Of(figure.Note),
        ["layer"] = IsLayer(figure),
        ["printed"] = new JsonArray([.. studies.Select(study => SafeJson.Number(figure.For(study.ModelFamily)))]),
        ["printedDepth"] = new JsonArray([.. studies.Select(study =>
            IsLayer(figure) && figure.For(study.ModelFamily) is { } layer ? SafeJson.Number(layer / (study.ModelFamily.StudyLayers() - 1), 3) : null)]),
        ["ours"] = new JsonArray([.. studies.Select(study => Ours(claim, figure, study))]),
    })];

    static bool IsLayer(PublishedFigure figure) => figure.Measure.EndsWith("_layer", StringComparison.Ordinal);

    static JsonObject? Ours(Claim claim, PublishedFigure figure, StudyResult study)
    {
        if (figure.Ours(claim, study.Estimates, study.ModelFamily, study.Layers) is not { } row) return null;
        var (estimate, scale) = (row.Estimate, IsLayer(figure) ? 1 : figure.Scale);
        return new JsonObject
        {
            ["v"] = SafeJson.Number(scale * estimate.Value), ["lo"] = estimate.HasInterval ? SafeJson.Number(scale * estimate.Low) : null,
            ["hi"] = estimate.HasInterval ? SafeJson.Number(scale * estimate.High) : null, ["n"] = estimate.N, ["at"] = row.Layer,
            ["depth"] = IsLayer(figure) ? SafeJson.Number(estimate.Value / Math.Max(1, study.Layers - 1), 3) : null,
        };
    }
}
