using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Gating;

/// <summary>Two runs joined by sample id. What cannot be paired is an error or is named in <see cref="Incomplete"/>: nothing is left out in silence.</summary>
sealed class PairedStudies
{
    static readonly string[] labels = ["correct", "wrong", "unparsed", "unjudged"];

    PairedStudies((StudySample, StudySample)[] rows, IReadOnlyList<string> incomplete)
    {
        (Rows, Incomplete) = (rows, incomplete);
        Groups = rows.Length > 0 ? Groups.From(rows.Select(row => row.Item1.Group)) : null;
    }

    /// <summary>Samples that both runs hold with a judged answer, in the baseline's order.</summary>
    public IReadOnlyList<(StudySample Baseline, StudySample Candidate)> Rows { get; }

    /// <summary>The image of every row; null where there are none.</summary>
    public Groups? Groups { get; }

    /// <summary>Why <see cref="Rows"/> are not all samples of both, or empty.</summary>
    public IReadOnlyList<string> Incomplete { get; }

    /// <exception cref="VrpException">Other data, another question, image or gold answer under the same id, a score that is not finite, an unknown
    /// label.</exception>
    /// <exception cref="DuplicateSampleException">An id twice in a run.</exception>
    public static PairedStudies Of(StudyResult baseline, StudyResult candidate)
    {
        if (baseline.Data != candidate.Data)
            throw new VrpException($"the baseline was run on '{baseline.Data}', the candidate on '{candidate.Data}': a gate compares runs on the same data. Run the candidate on '{baseline.Data}'.");
        Validate("baseline", baseline);
        Validate("candidate", candidate);
        var other = candidate.Samples.ToDictionary(sample => sample.Id, StringComparer.Ordinal);
        var common = baseline.Samples.Where(sample => other.ContainsKey(sample.Id)).Select(sample => (Baseline: sample, Candidate: other[sample.Id])).ToArray();
        foreach (var (before, after) in common) ThrowIfOtherQuestion(before, after);

        var incomplete = new List<string>();
        void Note(int count, string what)
        {
            if (count > 0) incomplete.Add($"{count} {what}");
        }

        Note(baseline.Samples.Count - common.Length, $"of the baseline's {baseline.Samples.Count} samples are not in the candidate's run");
        Note(candidate.Samples.Count - common.Length, $"of the candidate's {candidate.Samples.Count} samples are not in the baseline's run");
        Note(common.Count(row => Judged(row.Baseline) && !Judged(row.Candidate)), "answers are judged for the baseline and not for the candidate");
        Note(common.Count(row => !Judged(row.Baseline) && Judged(row.Candidate)), "answers are judged for the candidate and not for the baseline");
        return new PairedStudies([.. common.Where(row => Judged(row.Baseline) && Judged(row.Candidate))], incomplete);
    }

    static bool Judged(StudySample sample) => sample.IsJudged;

    static void Validate(string run, StudyResult study)
    {
        Groups.ThrowIfDuplicated($"the {run}'s samples, by id", study.Samples.Select(sample => sample.Id));
        foreach (var sample in study.Samples)
        {
            if (!labels.Contains(sample.Label)) throw new VrpException($"the {run}'s sample {sample.Id} has the label '{sample.Label}'; expected {string.Join(", ", labels)}. Run `vrp analyze` again.");
            foreach (var (name, value) in sample.Scores.Concat(sample.Excess.Select(pair => KeyValuePair.Create($"excess {pair.Key}", pair.Value))))
                if (!double.IsFinite(value)) throw new VrpException($"the {run}'s sample {sample.Id}: '{name}' is {value}; a measure must be finite or absent. Run `vrp analyze` again.");
        }
    }

    static void ThrowIfOtherQuestion(StudySample before, StudySample after)
    {
        void Same(string what, string first, string second)
        {
            if (first != second)
                throw new VrpException($"sample {before.Id}: the {what} is '{first}' in the baseline and '{second}' in the candidate. The runs are of different data: run both on the same files.");
        }

        Same("question", before.Question, after.Question);
        Same("image", before.Image, after.Image);
        Same("group", before.Group, after.Group);
        Same("kind", before.Kind, after.Kind);
        Same("gold answer", string.Join(" | ", before.Gold), string.Join(" | ", after.Gold));
    }
}
