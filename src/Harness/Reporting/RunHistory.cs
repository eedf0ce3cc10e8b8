using System.Text.Json.Nodes;
using Vrp.Harness.Claims;
using Vrp.Harness.Gating;
using Vrp.Harness.Running;
using Vrp.Harness.Statistics;
using Vrp.Harness.Storage;
using Vrp.Models;

namespace Vrp.Harness.Reporting;

/// <summary>Several runs of one subject on one question set, by date. Runs that do not say their date come first, in the order in which they were given: what
/// wrote them is older than what writes dates.</summary>
/// <param name="Subject">The model.</param>
/// <param name="Data">The question set.</param>
/// <param name="Runs">At least two.</param>
public sealed record RunHistory(string Subject, string Data, IReadOnlyList<RunOfHistory> Runs)
{
    /// <summary>Splits runs into what a report shows in full, the newest of each subject, and the histories of those that have several.</summary>
    /// <param name="studies">Read from their folders.</param>
    /// <returns>The newest in the order in which the subjects were first given.</returns>
    /// <exception cref="VrpException">A folder that is given twice, or one whose run.json is damaged.</exception>
    public static (IReadOnlyList<StudyResult> Newest, IReadOnlyList<RunHistory> Histories) Of(IReadOnlyList<StudyResult> studies)
    {
        if (studies.GroupBy(study => Path.TrimEndingDirectorySeparator(Path.GetFullPath(study.Folder))).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new VrpException($"{twice.First().Folder} is given twice. Give each run once.");
        var newest = new List<StudyResult>();
        var histories = new List<RunHistory>();
        foreach (var same in studies.GroupBy(study => (study.Subject, study.Data)))
        {
            var runs = same.Select(study => (Study: study, Origin: RunOrigin.Of(study.Folder)))
                .OrderBy(run => run.Origin?.Date ?? DateTimeOffset.MinValue).ToArray();
            newest.Add(runs[^1].Study);
            if (runs.Length > 1) histories.Add(new RunHistory(same.Key.Subject, same.Key.Data, Points(runs)));
        }

        return (newest, histories);
    }

    static RunOfHistory[] Points((StudyResult Study, RunOrigin? Origin)[] runs)
    {
        var values = Workers.Map(runs, run => Gate.Values(run.Study));
        return [.. runs.Select((run, i) => RunOfHistory.Of(run.Study, run.Origin, values[i], i == 0 ? null : runs[i - 1].Study))];
    }

    /// <summary>Metrics that at least one of the runs has.</summary>
    internal IEnumerable<GateMetric> Metrics => Runs[0].Values.Select((value, m) => (value.Metric, m))
        .Where(each => Runs.Any(run => run.Values[each.m].Value is not null)).Select(each => each.Metric);

    internal JsonNode ToJson() => new JsonObject
    {
        ["subject"] = SafeJson.Of(Subject), ["data"] = SafeJson.Of(Data), ["runs"] = new JsonArray([.. Runs.Select(run => run.ToJson())]),
        ["metrics"] = new JsonArray([.. Metrics.Select(metric => new JsonObject
        {
            ["name"] = metric.Name, ["what"] = metric.What, ["values"] = new JsonArray([.. Runs.Select(run => ReportData.Of(run[metric.Name]))]),
        })]),
    };
}

/// <summary>One run of a history.</summary>
/// <param name="Name">Its folder's.</param>
/// <param name="Origin">Date and commit; null where the folder does not say them.</param>
/// <param name="Questions">How many it has.</param>
/// <param name="Values">Every metric of the gate, null where the run has it not.</param>
/// <param name="Since">What differs from the run before; null for the first.</param>
public sealed record RunOfHistory(string Name, RunOrigin? Origin, int Questions, IReadOnlyList<(GateMetric Metric, Estimate? Value)> Values, RunChanges? Since)
{
    internal static RunOfHistory Of(StudyResult study, RunOrigin? origin, IReadOnlyList<(GateMetric, Estimate?)> values, StudyResult? before) =>
        new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(study.Folder))), origin, study.Questions.Count, values,
            before is null ? null : RunChanges.Of(before, study));

    /// <summary>A metric's value, or null.</summary>
    internal Estimate? this[string metric] => Values.First(each => each.Metric.Name == metric).Value;

    internal JsonNode ToJson() => new JsonObject
    {
        ["name"] = SafeJson.Of(Name), ["date"] = Origin?.DateText, ["commit"] = SafeJson.Of(Origin?.CommitText),
        ["page"] = SafeJson.Of(Origin?.CiRun?.AbsoluteUri), ["questions"] = Questions, ["since"] = Since?.ToJson(),
    };
}

/// <summary>What differs between a run and the one before.</summary>
/// <param name="OtherQuestions">Questions, images or gold answers are not the same, so that their figures are of different things.</param>
/// <param name="Lost">Questions of both that were answered right and are not.</param>
/// <param name="Won">The other way round.</param>
/// <param name="Verdicts">Claims with another verdict.</param>
/// <param name="Settings">Facts of run.json that differ, by name: weights, prompt, generation, numerics. Null where a folder lacks them.</param>
public sealed record RunChanges(bool OtherQuestions, int Lost, int Won, IReadOnlyList<(string Claim, Verdict Before, Verdict After)> Verdicts,
    IReadOnlyList<string>? Settings)
{
    internal static RunChanges Of(StudyResult before, StudyResult after)
    {
        var known = before.Questions.ToDictionary(question => question.Id, StringComparer.Ordinal);
        (QuestionResult Before, QuestionResult After)[] both = [.. after.Questions.Where(question => known.ContainsKey(question.Id))
            .Select(question => (known[question.Id], question)).Where(pair => Asked(pair.Item1) == Asked(pair.question))];
        var judged = both.Where(pair => pair.Before.IsJudged && pair.After.IsJudged).ToArray();
        return new RunChanges(both.Length < before.Questions.Count || both.Length < after.Questions.Count,
            judged.Count(pair => pair.Before.IsCorrect && !pair.After.IsCorrect), judged.Count(pair => !pair.Before.IsCorrect && pair.After.IsCorrect),
            [.. from was in before.Verdicts
                join found in after.Verdicts on was.Claim equals found.Claim
                where was.Verdict != found.Verdict
                select (was.Claim, was.Verdict, found.Verdict)],
            TracedFacts.Of(before.Folder) is { } old && TracedFacts.Of(after.Folder) is { } now ? TracedFacts.Differing(old, now) : null);
    }

    static (string, string, string, string) Asked(QuestionResult question) =>
        (question.Question, question.Image, question.Kind, string.Join(" | ", question.Gold));

    internal JsonNode ToJson() => new JsonObject
    {
        ["otherQuestions"] = OtherQuestions, ["lost"] = Lost, ["won"] = Won,
        ["verdicts"] = new JsonArray([.. Verdicts.Select(each => new JsonArray(each.Claim, each.Before.ToString(), each.After.ToString()))]),
        ["settings"] = Settings is null ? null : SafeJson.Of(Settings),
    };
}
