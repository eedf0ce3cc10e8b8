using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>Writes the study's per-question lines: answers, labels, and every signal that could be computed.</summary>
static class QuestionResults
{
    public static IReadOnlyList<QuestionResult> Of(StudyContext study)
    {
        // A signal that cannot be computed is absent here; the claim that needs it says why.
        var signals = new List<Signal>();
        Attempt(() => signals.AddRange(study.Behaviour.SinglePass));
        Attempt(() => signals.Add(study.SelfConsistency));
        Attempt(() => signals.Add(study.ExpectedSelfConsistency));
        Attempt(() =>
        {
            var attention = study.Attention;
            signals.Add(Signal.Of("attention_entropy", study.Rows, row => attention[row].Features.Entropy));
            signals.Add(Signal.Of("k_dbscan", study.Rows, row => attention[row].Features.KDbscan));
            signals.Add(Signal.Of("k_components", study.Rows, row => attention[row].Features.KComponents));
            signals.Add(Signal.Of("image_mass", study.Rows, row => attention[row].Features.ImageMass));
        });
        Attempt(() => signals.Add(study.Probe.HeldOut));
        Attempt(() => signals.Add(study.Fusion.HeldOut));
        var split = false;
        Attempt(() => split = study.Rows.Split is not null);
        var excess = Excess(study);
        signals.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return [.. study.All.Select(row => new QuestionResult
        {
            Id = row.Id,
            Image = row.Record.Question.Image,
            Group = row.Image,
            Kind = row.Kind.Name(),
            Question = row.Record.Question.Text,
            Gold = row.Record.Question.Answers,
            Answer = row.Record.Answer,
            Label = row.Answer.Status,
            SampledAnswers = [.. row.Record.SampledAnswers.Select(sample => sample.Text)],
            Scores = signals.Where(signal => signal.Knows(row)).ToDictionary(signal => signal.Name, signal => signal[row]),
            Split = split && row.IsJudged ? study.IsFitting(row) ? "fit" : "score" : null,
            Grid = (row.Record.GridHeight, row.Record.GridWidth),
            Excess = excess.TryGetValue(row.Id, out var own) ? own : new Dictionary<string, double>(),
        })];
    }

    public static IReadOnlyList<QuestionMap> Maps(StudyContext study)
    {
        IReadOnlyList<QuestionMap> maps = [];
        Attempt(() =>
        {
            var attention = study.Attention;
            maps = [.. study.Rows.Select(row => new QuestionMap(row.Id, attention[row].Map.Height, attention[row].Map.Width, attention[row].Map.Mass.ToArray()))];
        });
        return maps;
    }

    static Dictionary<string, IReadOnlyDictionary<string, double>> Excess(StudyContext study)
    {
        var excess = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        Attempt(() =>
        {
            var doses = new DoseTable(study);
            var curves = new[] { AblatedPositions.All, AblatedPositions.Last }
                .Select(positions => (Name: positions.ToString().ToLowerInvariant(),
                    Values: doses.MeanExcess(doses.StudyLayer, positions))).Where(curve => curve.Values is not null).ToArray();
            for (var i = 0; i < doses.Arms.Questions.Count; i++)
                excess[doses.Arms.Questions[i].Id] = new SortedDictionary<string,
                    double>(curves.ToDictionary(curve => curve.Name, curve => curve.Values![i]), StringComparer.Ordinal);
        });
        return excess;
    }

    static void Attempt(Action put)
    {
        try
        {
            put();
        }
        catch (VrpException error) when (error is NotRunException or StatisticsException and not (DuplicateRowException or GroupLeakException))
        {
            // Not swallowed: the claims that stand on this signal met the same error and are NotRun by it.
        }
    }
}
