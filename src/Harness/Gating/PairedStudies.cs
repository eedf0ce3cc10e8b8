using Vrp.Harness.Claims;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Gating;

/// <summary>Two runs joined by question id. What cannot be paired is an error or is named in <see cref="Incomplete"/>: nothing is left out in
/// silence.</summary>
sealed class PairedStudies
{
    PairedStudies((QuestionResult, QuestionResult)[] rows, IReadOnlyList<string> incomplete)
    {
        (Rows, Incomplete) = (rows, incomplete);
        Groups = rows.Length > 0 ? Groups.From(rows.Select(row => row.Item1.Group)) : null;
    }

    /// <summary>Questions that both runs hold with a judged answer, in the baseline's order.</summary>
    public IReadOnlyList<(QuestionResult Baseline, QuestionResult Candidate)> Rows { get; }

    /// <summary>The image of every row; null where there are none.</summary>
    public Groups? Groups { get; }

    /// <summary>Why <see cref="Rows"/> are not all questions of both, or empty.</summary>
    public IReadOnlyList<string> Incomplete { get; }

    /// <exception cref="VrpException">Other data, another question, image or gold answer under the same id, a score that is not finite.</exception>
    /// <exception cref="DuplicateRowException">An id twice in a run.</exception>
    public static PairedStudies Of(StudyResult baseline, StudyResult candidate)
    {
        if (baseline.Data != candidate.Data)
            throw new VrpException($"the baseline was run on '{baseline.Data}', the candidate on '{candidate.Data}': a gate compares runs on the same data. "
                + $"Run the candidate on '{baseline.Data}'.");
        Validate("baseline", baseline);
        Validate("candidate", candidate);
        var other = candidate.Questions.ToDictionary(question => question.Id, StringComparer.Ordinal);
        var common = baseline.Questions.Where(question => other.ContainsKey(question.Id)).Select(question => (Baseline: question,
            Candidate: other[question.Id])).ToArray();
        foreach (var (before, after) in common) ThrowIfOtherQuestion(before, after);

        var incomplete = new List<string>();
        void Note(int count, string what)
        {
            if (count > 0) incomplete.Add($"{count} {what}");
        }

        Note(baseline.Questions.Count - common.Length, $"of the baseline's {baseline.Questions.Count} questions are not in the candidate's run");
        Note(candidate.Questions.Count - common.Length, $"of the candidate's {candidate.Questions.Count} questions are not in the baseline's run");
        Note(common.Count(row => Judged(row.Baseline) && !Judged(row.Candidate)), "answers are judged for the baseline and not for the candidate");
        Note(common.Count(row => !Judged(row.Baseline) && Judged(row.Candidate)), "answers are judged for the candidate and not for the baseline");
        return new PairedStudies([.. common.Where(row => Judged(row.Baseline) && Judged(row.Candidate))], incomplete);
    }

    static bool Judged(QuestionResult question) => question.IsJudged;

    static void Validate(string run, StudyResult study)
    {
        Groups.ThrowIfDuplicated($"the {run}'s questions, by id", study.Questions.Select(question => question.Id));
        foreach (var question in study.Questions)
        {
            foreach (var (name, value) in question.Scores.Concat(question.Excess.Select(pair => KeyValuePair.Create($"excess {pair.Key}", pair.Value))))
                if (!double.IsFinite(value)) throw new VrpException($"the {run}'s question {question.Id}: '{name}' is {value}; a measure must be finite or "
                    + "absent. Run `vrp analyze` again.");
        }
    }

    static void ThrowIfOtherQuestion(QuestionResult before, QuestionResult after)
    {
        void Same(string what, string first, string second)
        {
            if (first != second)
                throw new VrpException($"question {before.Id}: the {what} is '{first}' in the baseline and '{second}' in the candidate. The runs are of "
                    + "different data: run both on the same files.");
        }

        Same("question", before.Question, after.Question);
        Same("image", before.Image, after.Image);
        Same("group", before.Group, after.Group);
        Same("kind", before.Kind, after.Kind);
        Same("gold answer", string.Join(" | ", before.Gold), string.Join(" | ", after.Gold));
    }
}
