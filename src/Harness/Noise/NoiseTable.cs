using System.Globalization;
using Vrp.Harness.Claims;
using Vrp.Harness.Snapshots;
using Vrp.Models;

namespace Vrp.Harness.Noise;

/// <summary>What one variation changed against the first run.</summary>
/// <param name="Subject">The model.</param>
/// <param name="Variation">Its name.</param>
/// <param name="Questions">Questions.</param>
/// <param name="Answers">Greedy answers that read otherwise.</param>
/// <param name="Labels">Of them, judged otherwise.</param>
/// <param name="Sampled">Sampled answers that read otherwise.</param>
/// <param name="OtherLines">Lines of snapshots that are new, gone, or have another n, other images or another method: no tolerance covers those.</param>
/// <param name="Verdicts">Claims with another verdict.</param>
/// <param name="Largest">The largest difference as a share of the half-width of the figure's own interval.</param>
/// <param name="IsSameBits">Whether not one score of one question differs: the libraries took the first run's kernels.</param>
public sealed record NoiseChange(string Subject, string Variation, int Questions, int Answers, int Labels, int Sampled,
    int OtherLines, IReadOnlyList<string> Verdicts, double Largest, bool IsSameBits);

/// <summary>The noise floor: the same studies computed in several ways, each held against the first. A pure function of run folders.</summary>
/// <param name="Changes">A line per subject and variation but the first.</param>
/// <param name="Families">The figures that snapshots hold, by family, over all subjects and variations.</param>
/// <param name="Scores">The same for the questions' own signals.</param>
/// <param name="SmallestMargin">Of the first runs' first tokens: the smallest distance between the two most likely ones. Where it is far above what
/// first_token_margin moves by, no greedy answer is near turning; null where no question has it.</param>
public sealed record NoiseTable(IReadOnlyList<NoiseChange> Changes, IReadOnlyList<NoiseRow> Families, IReadOnlyList<NoiseRow> Scores, double? SmallestMargin)
{
    const string Margin = "first_token_margin";

    /// <summary>Of one subject.</summary>
    /// <param name="runs">The first is what the others are held against.</param>
    /// <exception cref="VrpException">Fewer than two runs, or they are of different subjects, data or questions.</exception>
    public static NoiseTable Of(IReadOnlyList<(string Variation, StudyResult Study)> runs)
    {
        if (runs.Count < 2) throw new VrpException($"noise is a difference between runs: expected at least 2, got {runs.Count}.");
        var first = runs[0].Study;
        foreach (var (variation, study) in runs.Skip(1))
        {
            if ((study.Subject, study.Data) != (first.Subject, first.Data))
                throw new VrpException($"{variation} is a run of {study.Subject} on {study.Data}, the first one of {first.Subject} on {first.Data}: "
                    + "only numerics may differ.");
            if (!study.Questions.Select(question => question.Id).SequenceEqual(first.Questions.Select(question => question.Id)))
                throw new VrpException($"{variation} has other questions than the first run: only numerics may differ.");
        }

        var families = Lines(first).Values.GroupBy(SnapshotMetric.Family)
            .ToDictionary(group => group.Key, group => new NoiseRow(group.Key, group.Count(), group.All(row => !row.Estimate.HasInterval), 0, 0, null, null));
        var scores = first.Questions.SelectMany(question => question.Scores.Keys).GroupBy(name => name)
            .ToDictionary(group => group.Key, group => new NoiseRow($"score {group.Key}", group.Count(), false, 0, 0, null, null));
        var changes = runs.Skip(1).Select(run => Change(run.Variation, first, run.Study, families, scores)).ToArray();
        var margins = first.Questions.Where(question => question.Scores.ContainsKey(Margin)).Select(question => question.Scores[Margin]).ToArray();
        return new(changes, Sorted(families.Values), Sorted(scores.Values), margins.Length > 0 ? margins.Min() : null);
    }

    /// <summary>Several subjects together: per family the largest.</summary>
    public static NoiseTable Merge(IReadOnlyList<NoiseTable> tables)
    {
        static NoiseRow[] Largest(IEnumerable<NoiseRow> rows) => Sorted(rows.GroupBy(row => row.Family)
            .Select(group => group.MaxBy(row => row.Largest)!
                with { Count = group.Sum(row => row.Count), IsChoice = group.All(row => row.IsChoice), OfHalfWidth = group.Max(row => row.OfHalfWidth) }));
        var margins = tables.Select(table => table.SmallestMargin).OfType<double>().ToArray();
        return new([.. tables.SelectMany(table => table.Changes)], Largest(tables.SelectMany(table => table.Families)),
            Largest(tables.SelectMany(table => table.Scores)), margins.Length > 0 ? margins.Min() : null);
    }

    /// <summary>What <see cref="SnapshotTolerances"/> takes for this profile: a floor per family, of the labels, and of which lines there are.</summary>
    public IReadOnlyDictionary<string, double?> Floors => new SortedDictionary<string, double?>(
        Families.Select(row => KeyValuePair.Create(row.Family, row.Floor))
            .Append(new(SnapshotTolerances.Labels, LabelFloor))
            .Append(new(SnapshotTolerances.Lines, Changes.All(change => change.OtherLines == 0) ? 0 : null)).ToDictionary(), StringComparer.Ordinal);

    /// <summary>Labels that may differ: the factor × the most that did.</summary>
    public int LabelFloor => NoiseRow.Factor * Changes.Select(change => change.Labels).DefaultIfEmpty(0).Max();

    /// <summary>The lines that a study's snapshots hold, by claim and name.</summary>
    static Dictionary<string, StudyEstimate> Lines(StudyResult study) => study.Verdicts
        .SelectMany(verdict => Snapshot.Rows(study, verdict).Select(row => row with { Claim = verdict.Claim }))
        .ToDictionary(row => $"{row.Claim}: {SnapshotMetric.Name(row)}");

    static NoiseChange Change(string variation, StudyResult first, StudyResult study,
        Dictionary<string, NoiseRow> families, Dictionary<string, NoiseRow> scores)
    {
        var (before, after) = (Lines(first), Lines(study));
        var (other, largest, where) = (after.Keys.Except(before.Keys).Count(), 0.0, $"{study.Subject}, {variation}");
        foreach (var (name, row) in before)
        {
            if (!after.TryGetValue(name, out var now))
            {
                other++;
                continue;
            }

            var (a, b) = (row.Estimate, now.Estimate);
            if ((a.N, a.Groups, a.Method, a.Level, a.Seed) != (b.N, b.Groups, b.Method, b.Level, b.Seed)) other++;
            var difference = new[] { b.Value - a.Value, b.Low - a.Low, b.High - a.High }.Max(Math.Abs);
            var share = a.HasInterval && a.High > a.Low ? difference / ((a.High - a.Low) / 2) : 0;
            largest = Math.Max(largest, share);
            Raise(families, SnapshotMetric.Family(row), difference, share, where, name);
        }

        var pairs = first.Questions.Zip(study.Questions).ToArray();
        var same = true;
        foreach (var (was, now) in pairs)
            foreach (var (name, value) in was.Scores)
                if (now.Scores.TryGetValue(name, out var moved))
                {
                    same &= moved == value;
                    Raise(scores, name, Math.Abs(moved - value), 0, where, was.Id);
                }

        return new(study.Subject, variation, pairs.Length, pairs.Count(pair => pair.First.Answer != pair.Second.Answer),
            pairs.Count(pair => pair.First.Label != pair.Second.Label),
            pairs.Sum(pair => pair.First.SampledAnswers.Zip(pair.Second.SampledAnswers).Count(answers => answers.First != answers.Second)), other,
            [.. first.Verdicts
                .Where(was => study.Verdicts.FirstOrDefault(now => now.Claim == was.Claim)?.Verdict != was.Verdict).Select(was => was.Claim)], largest, same);
    }

    static void Raise(Dictionary<string, NoiseRow> rows, string key, double difference, double share, string variation, string at)
    {
        if (!double.IsFinite(difference)) throw new VrpException($"{variation}: the difference of {at} is {difference}. A run holds numbers only.");
        var row = rows[key];
        rows[key] = (difference > row.Largest ? row with { Largest = difference, Variation = variation, At = at } : row)
            with { OfHalfWidth = Math.Max(row.OfHalfWidth, share) };
    }

    static NoiseRow[] Sorted(IEnumerable<NoiseRow> rows) => [.. rows.OrderBy(row => row.Family, StringComparer.Ordinal)];
}

/// <summary>What one family of figures moved by when nothing but numerics changed.</summary>
/// <param name="Family">"claim/measure", or "score NAME" for a signal of single questions.</param>
/// <param name="Count">Figures in it: lines of snapshots, or questions.</param>
/// <param name="IsChoice">Counts and choices (a best layer, a number of units): figures without an interval. They are the same or they are not.</param>
/// <param name="Largest">The largest absolute difference from the first run of value, lower or upper end, in the measure's unit.</param>
/// <param name="OfHalfWidth">The largest difference as a share of the half-width of the first run's interval; 0 for choices.</param>
/// <param name="Variation">Where the largest difference was, or null where nothing moved.</param>
/// <param name="At">The row or question where it was, or null.</param>
public sealed record NoiseRow(string Family, int Count, bool IsChoice, double Largest, double OfHalfWidth, string? Variation, string? At)
{
    /// <summary>Floor = this × the largest difference: the variations are a handful of the processors and libraries that there are.</summary>
    public const int Factor = 3;

    /// <summary>Rounded up to two digits; 0 where nothing moved. Null for a choice that moved: it is not stable and is not judged.</summary>
    public double? Floor => IsChoice ? Largest == 0 ? 0 : null : RoundUp(Factor * Largest);

    internal static double RoundUp(double value)
    {
        if (value <= 0) return 0;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        // Through decimal text, so that 0.0012 is not written 0.0012000000000000001.
        return double.Parse((Math.Ceiling(value / unit * (1 - 1e-12)) * unit).ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
