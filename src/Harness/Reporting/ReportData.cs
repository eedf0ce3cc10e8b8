using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Ledgers;
using Vrp.Harness.Statistics;
using Vrp.Harness.Studies;

namespace Vrp.Harness.Reporting;

/// <summary>Everything that the page shows, as one JSON object. Numbers are shown as they are here: the page computes no statistic.</summary>
sealed class ReportData(Report report)
{
    /// <summary>Characters that the page may have: 15 MB, less what scripts, styles and rounding take.</summary>
    const long Budget = 14_400_000;

    readonly TextTable texts = new();
    readonly ImageSheet pictures = new();

    public JsonObject ToJson()
    {
        StudyResult[] studies = [.. report.Subjects.Select(subject => subject.Study)];
        HeatMaps[] maps = [.. report.Subjects.Select(HeatMaps.Of)];
        var coarse = maps.Sum(map => map.Cells) > HeatMaps.ManyCells;
        var headline = Headline.Of(report);
        var data = new JsonObject
        {
            ["title"] = SafeJson.Of(report.Title),
            ["headline"] = new JsonObject
            {
                ["word"] = headline.Word, ["good"] = headline.Good, ["text"] = SafeJson.Of(headline.Text),
                    ["differences"] = new JsonArray([.. headline.Differences.Select(Of)]),
            },
            ["origin"] = new JsonObject
            {
                ["date"] = report.Origin.Date, ["command"] = SafeJson.Of(report.Origin.Command), ["commit"] = SafeJson.Of(report.Origin.Commit),
                    ["run"] = SafeJson.Of(report.Origin.Run?.AbsoluteUri),
            },
            ["papers"] = new JsonArray([.. PublishedStudy.Papers.Select(paper => new JsonArray(paper.Title, paper.Number, paper.Address))]),
            ["claims"] = new JsonArray([.. ClaimRegistry.All.Select(claim => Of(claim, studies))]),
            ["subjects"] = new JsonArray([.. report.Subjects.Select((subject, i) => Of(subject, maps[i], coarse))]),
            ["comparison"] = report.Comparison is { } comparison
                ? new JsonObject { ["split"] = Of(comparison.Split), ["rows"] = Rows(comparison.Estimates) } : null,
            ["ledger"] = new JsonArray([.. report.Checks.Select(Of)]),
            ["history"] = new JsonArray([.. report.Histories.Select(history => history.ToJson())]),
            ["gate"] = report.Gate is { } gate ? new GateData(texts, pictures, report.Subjects).Of(gate) : null,
        };
        // Last, when all that refers to them has its number.
        data["texts"] = texts.ToJson();
        data["pictures"] = pictures.ToJson(Math.Max(0, Budget - SafeJson.Text(data).Length));
        return data;
    }

    static JsonNode Of(Difference difference) => new JsonObject
    {
        ["name"] = SafeJson.Of(difference.Name), ["subject"] = SafeJson.Of(difference.Subject), ["what"] = SafeJson.Of(difference.What),
        ["reason"] = SafeJson.Of(difference.Reason), ["settle"] = SafeJson.Of(difference.Settle), ["claim"] = difference.IsClaim,
    };

    static JsonNode Of(Claim claim, IReadOnlyList<StudyResult> studies) => new JsonObject
    {
        ["id"] = claim.Id, ["text"] = claim.Text, ["published"] = claim.PublishedForm, ["judged"] = claim.JudgedForm, ["method"] = claim.Method,
        ["supported"] = claim.SupportedWhen, ["refuted"] = claim.RefutedWhen, ["notRun"] = claim.NotRunWhen, ["traps"] = SafeJson.Of(claim.Traps),
        ["figures"] = FigureRows.Of(claim, studies),
    };

    JsonNode Of(ReportSubject subject, HeatMaps maps, bool coarse)
    {
        var study = subject.Study;
        return new JsonObject
        {
            ["name"] = SafeJson.Of(study.Subject), ["family"] = study.Family, ["title"] = study.ModelFamily.Title(), ["layers"] = study.Layers,
            ["data"] = SafeJson.Of(study.Data),
            // The study's depth, so that charts can point at it.
            ["studyLayer"] = study.ModelFamily.Map(study.ModelFamily.StudyAblationLayer(), study.Layers),
            ["crop"] = study.ModelFamily.Crop(),
            ["verdicts"] = new JsonArray([.. study.Verdicts.Select(Of)]),
            ["rows"] = Rows(study.Estimates),
            ["roc"] = new JsonArray([.. SignalCurves.Roc(study).Select(Of)]),
            ["risk"] = new JsonArray([.. SignalCurves.RiskCoverages(study).Select(Of)]),
            ["reliability"] = new JsonArray([.. SignalCurves.Reliability(study)
                .Select(bin => new JsonArray(SafeJson.Number(bin.MeanProbability), SafeJson.Number(bin.ShareCorrect.Value),
                SafeJson.Number(bin.ShareCorrect.Low), SafeJson.Number(bin.ShareCorrect.High), bin.ShareCorrect.N))]),
            ["accuracy"] = new JsonArray([.. KindAccuracy.Of(study).Select(kind => kind.ToJson())]),
            ["made"] = subject.Made is { } made ? new JsonObject { ["date"] = made.DateText, ["commit"] = SafeJson.Of(made.CommitText) } : null,
            ["prompt"] = SentPrompt.Of(subject)?.ToJson(),
            ["questions"] = new QuestionColumns(texts, name => pictures.Place(subject, name)).Of(study.Questions),
            ["maps"] = maps.ToJson(study.Questions, coarse),
            ["mapsMissing"] = maps.Missing,
            ["picturesMissing"] = subject.ImagePath is null ? "no image folder was given"
                : study.Questions.Any(question => pictures.Place(subject, question.Image) is not null) ? null : "none of the images was found",
            ["run"] = RunFacts.Of(subject),
        };
    }

    JsonNode Of(ClaimResult verdict) => new JsonObject
    {
        ["claim"] = verdict.Claim, ["verdict"] = verdict.Verdict.ToString(), ["reason"] = SafeJson.Of(verdict.Reason),
        ["settle"] = SafeJson.Of(verdict.WouldSettle),
        ["form"] = SafeJson.Of(verdict.Published.Form), ["outcome"] = PublishedStudy.Criterion(verdict.Published),
            ["found"] = SafeJson.Of(verdict.Published.Found),
        ["deciding"] = Rows(verdict.Deciding), ["notes"] = SafeJson.Of(verdict.Notes),
    };

    static JsonNode Of(LedgerCheck check) => new JsonObject
    {
        ["claim"] = check.Claim, ["subject"] = SafeJson.Of(check.Subject), ["expected"] = check.Entry?.Expected.ToString(), ["found"] = check.Found.ToString(),
        ["outcome"] = check.Outcome.ToString(), ["why"] = SafeJson.Of(check.Entry?.Reason), ["source"] = SafeJson.Of(check.Entry?.Source),
        ["reason"] = SafeJson.Of(check.Reason), ["settle"] = SafeJson.Of(check.WouldSettle),
    };

    JsonNode Of(SignalCurve curve) => new JsonObject
    {
        ["signal"] = curve.Signal, ["of"] = SafeJson.Of(curve.Rows), ["n"] = curve.N, ["area"] = SafeJson.Number(curve.Area),
        ["row"] = curve.Estimate is { } row ? Row(row) : null,
        ["x"] = new JsonArray([.. curve.X.Select(x => SafeJson.Number(x, 4))]), ["y"] = new JsonArray([.. curve.Y.Select(y => SafeJson.Number(y, 4))]),
    };

    JsonArray Rows(IEnumerable<StudyEstimate> rows) => [.. rows.Select(Row)];

    // [claim, measure, kind, layer, arm, value, low, high, level, n, groups, method]; texts by their number.
    JsonNode Row(StudyEstimate row)
    {
        var e = row.Estimate;
        return new JsonArray(texts[row.Claim], texts[row.Measure], texts[row.Kind], row.Layer, texts.Maybe(row.Arm), SafeJson.Number(e.Value, 6),
            e.HasInterval ? SafeJson.Number(e.Low, 6) : null, e.HasInterval ? SafeJson.Number(e.High, 6) : null, e.HasInterval ? SafeJson.Number(e.Level)
                : null, e.N, e.Groups, texts[e.Method]);
    }

    /// <summary>An estimate of the gate.</summary>
    internal static JsonNode? Of(Estimate? e) => e is null ? null : new JsonObject
    {
        ["v"] = SafeJson.Number(e.Value), ["lo"] = e.HasInterval ? SafeJson.Number(e.Low) : null, ["hi"] = e.HasInterval ? SafeJson.Number(e.High) : null,
        ["n"] = e.N, ["groups"] = e.Groups, ["method"] = SafeJson.Of(e.Method),
    };
}

/// <summary>Texts that occur often (questions, answers, names of measures), each once in the page; elsewhere stands its number.</summary>
sealed class TextTable
{
    readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    public int this[string text]
    {
        get
        {
            if (!places.TryGetValue(text, out var place)) places.Add(text, place = places.Count);
            return place;
        }
    }

    public int? Maybe(string? text) => text is null ? null : this[text];

    public JsonArray ToJson() => SafeJson.Of(places.OrderBy(pair => pair.Value).Select(pair => pair.Key));
}
