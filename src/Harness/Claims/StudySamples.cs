using Vrp.Harness.Claims.Output;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>Writes the study's per-sample lines: answers, labels, and every signal that could be computed.</summary>
static class StudySamples
{
    public static IReadOnlyList<StudySample> Of(StudyContext study)
    {
        var scores = Enumerable.Range(0, study.Trace.Count).Select(_ => new SortedDictionary<string, double>(StringComparer.Ordinal)).ToArray();
        void Put(string name, double[] values)
        {
            for (var row = 0; row < values.Length; row++) scores[study.Rows[row]][name] = values[row];
        }

        // A signal that cannot be computed is absent here; the claim that needs it says why.
        Attempt(() =>
        {
            foreach (var (name, values) in study.Behaviour.SinglePass) Put(name, values);
        });
        Attempt(() => Put("self_consistency", study.SelfConsistency));
        Attempt(() =>
        {
            foreach (var (expected, row) in study.ExpectedSelfConsistency.Select((expected, row) => (expected, row)))
                if (expected is { } value) scores[study.Rows[row]]["self_consistency_closed_form"] = value;
        });
        Attempt(() =>
        {
            var features = study.Attention.Features;
            Put("attention_entropy", [.. features.Select(f => f.Entropy)]);
            Put("k_dbscan", [.. features.Select(f => (double)f.KDbscan)]);
            Put("k_components", [.. features.Select(f => (double)f.KComponents)]);
            Put("image_mass", [.. features.Select(f => f.ImageMass)]);
        });
        Attempt(() =>
        {
            var held = study.Probe.Result.HeldOut;
            for (var i = 0; i < held.Rows.Length; i++) scores[study.Rows[study.Probe.Rows[held.Rows[i]]]]["probe"] = held.Scores[i];
        });
        Attempt(() =>
        {
            var held = study.Fusion.Result.HeldOut;
            for (var i = 0; i < held.Rows.Length; i++) scores[study.Rows[study.Probe.Rows[held.Rows[i]]]]["fusion"] = held.Scores[i];
        });
        var splits = new string?[study.Trace.Count];
        Attempt(() =>
        {
            foreach (var row in study.Split.Fitting) splits[study.Rows[row]] = "fit";
            foreach (var row in study.Split.Scored) splits[study.Rows[row]] = "score";
        });
        var excess = Excess(study);
        return [.. study.Trace.Records.Select((record, i) => new StudySample
        {
            Id = record.Sample.Id,
            Image = record.Sample.Image,
            Group = record.Sample.Group,
            Kind = record.Sample.Kind.Name(),
            Question = record.Sample.Question,
            Gold = record.Sample.Answers,
            Answer = record.Answer,
            Label = study.All[i].Status switch { AnswerStatus.Right => "correct", AnswerStatus.Wrong => "wrong", AnswerStatus.Unparsed => "unparsed", _ => "unjudged" },
            Samples = [.. record.Samples.Select(sample => sample.Text)],
            Scores = scores[i],
            Split = splits[i],
            Grid = (record.GridHeight, record.GridWidth),
            Excess = excess.TryGetValue(record.Sample.Id, out var own) ? own : new Dictionary<string, double>(),
        })];
    }

    public static IReadOnlyList<SampleMap> Maps(StudyContext study)
    {
        IReadOnlyList<SampleMap> maps = [];
        Attempt(() => maps = [.. study.Attention.Maps.Select((map, row) => new SampleMap(study.Record(row).Sample.Id, map.Height, map.Width, map.Mass.ToArray()))]);
        return maps;
    }

    static Dictionary<string, IReadOnlyDictionary<string, double>> Excess(StudyContext study)
    {
        var excess = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        Attempt(() =>
        {
            var doses = new DoseTable(study);
            var curves = new[] { AblatedPositions.All, AblatedPositions.Last }
                .Select(positions => (Name: positions.ToString().ToLowerInvariant(), Values: doses.MeanExcess(doses.StudyLayer, positions))).Where(curve => curve.Values is not null).ToArray();
            for (var i = 0; i < doses.Arms.Samples.Count; i++)
                excess[doses.Arms.Samples[i].Id] = new SortedDictionary<string, double>(curves.ToDictionary(curve => curve.Name, curve => curve.Values![i]), StringComparer.Ordinal);
        });
        return excess;
    }

    static void Attempt(Action put)
    {
        try
        {
            put();
        }
        catch (VrpException error) when (error is NotRunException or StatisticsException and not (DuplicateSampleException or GroupLeakException))
        {
            // Not swallowed: the claims that stand on this signal met the same error and are NotRun by it.
        }
    }
}
