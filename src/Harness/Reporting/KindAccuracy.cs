using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Statistics;
using Vrp.Harness.Studies;

namespace Vrp.Harness.Reporting;

/// <summary>The share of right answers of one kind of question; unparsed answers count as wrong, unjudged ones are left out.</summary>
/// <param name="Kind">Its name, or "all".</param>
/// <param name="Accuracy">With its interval, images as units; a point where all questions are about one image.</param>
/// <param name="Unparsed">Answers that could not be read.</param>
sealed record KindAccuracy(string Kind, Estimate Accuracy, int Unparsed)
{
    public const string AllKinds = "all";

    /// <summary>All kinds first, then each in the order of the data; empty where nothing was judged.</summary>
    public static IReadOnlyList<KindAccuracy> Of(StudyResult study)
    {
        QuestionResult[] judged = [.. study.Questions.Where(question => question.IsJudged)];
        if (judged.Length == 0) return [];
        var kinds = judged.GroupBy(question => question.Kind, StringComparer.Ordinal).ToArray();
        return [Of(AllKinds, judged), .. kinds.Length > 1 ? kinds.Select(kind => Of(kind.Key, [.. kind])) : []];
    }

    static KindAccuracy Of(string kind, QuestionResult[] rows)
    {
        double[] right = [.. rows.Select(row => row.IsCorrect ? 1.0 : 0)];
        var groups = Groups.From(rows.Select(row => row.Group));
        return new KindAccuracy(kind, groups.Count > 1 ? ClusteredMean.ShareInterval(right, groups) : Estimate.Point(right.Average(), rows.Length, groups.Count,
            "mean of one image"),
            rows.Count(row => row.Label == AnswerStatus.Unparsed));
    }

    public JsonNode ToJson() => new JsonObject { ["kind"] = SafeJson.Of(Kind), ["e"] = ReportData.Of(Accuracy), ["unparsed"] = Unparsed };
}
