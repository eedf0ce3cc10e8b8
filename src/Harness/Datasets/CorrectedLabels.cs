using Vrp.Harness.Datasets.Readers;

namespace Vrp.Harness.Datasets;

/// <summary>Corrected labels for yes-no questions, as RePOPE (Neuhaus and Hein 2025, arXiv 2504.15707) gives them for POPE: rows of image, question (or POPE's
/// text) and label, which is yes, no or ambiguous. Questions and ids stay, so that answers that are already there can be scored again.</summary>
public sealed class CorrectedLabels
{
    /// <summary>Fewer matches than this share mean the wrong file, or one that holds changes only.</summary>
    const double LeastCoverage = 0.5;

    const string Ambiguous = "ambiguous";

    readonly string source;
    readonly Dictionary<(string Image, string Question), string> labels = [];

    CorrectedLabels(string source) => this.source = source;

    public static CorrectedLabels Load(string path)
    {
        var result = new CorrectedLabels(path);
        var wrong = new List<(int, string)>();
        foreach (var row in JsonRow.ReadFile(path))
        {
            var label = row.Text("label").Trim().ToLowerInvariant();
            var question = row.TextOrNull("question") ?? row.Text("text");
            if (label is not ("yes" or "no" or Ambiguous)) wrong.Add((row.Number, $"label \"{label}\""));
            else if (!result.labels.TryAdd(Key(row.Text("image"), question), label)) wrong.Add((row.Number,
                $"{row.Text("image")} \"{question}\" is listed twice"));
        }
        return wrong.Count == 0 ? result : throw new DatasetException(path, "expected each question once, with label yes, no or ambiguous.", wrong);
    }

    /// <summary>The data set with these labels; ambiguous questions are left out.</summary>
    public CorrectionResult Apply(Dataset dataset, UnlistedLabel unlisted = UnlistedLabel.Drop)
    {
        var questions = dataset.Questions.Where(s => s.Kind == QuestionKind.YesNo).ToList();
        var listed = questions.Count(s => labels.ContainsKey(Key(s.Image, s.Text)));
        if (listed == 0 || (unlisted == UnlistedLabel.Drop && listed < LeastCoverage * questions.Count))
            throw new DatasetException(source,
                $"lists {listed} of the {questions.Count} yes-no questions of {dataset.Name}. Is it for another split? If it holds changes only, use "
                    + "--unlisted keep.");

        int changed = 0, dropped = 0;
        var corrected = new List<Question>();
        foreach (var question in dataset.Questions)
        {
            if (question.Kind != QuestionKind.YesNo)
            {
                corrected.Add(question);
                continue;
            }
            var label = labels.GetValueOrDefault(Key(question.Image, question.Text), unlisted == UnlistedLabel.Keep ? question.Answers[0] : Ambiguous);
            if (label == Ambiguous)
            {
                dropped++;
                continue;
            }
            if (label != question.Answers[0]) changed++;
            corrected.Add(question with { Answers = [label] });
        }
        return new CorrectionResult(dataset with { Questions = corrected }, changed, dropped, questions.Count);
    }

    static (string, string) Key(string image, string question) =>
        (Path.GetFileName(image), string.Join(' ', question.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}

/// <summary>A data set under corrected labels, and how much they changed.</summary>
/// <param name="Dataset">Without the ambiguous questions.</param>
/// <param name="Changed">Questions whose label is now the other one.</param>
/// <param name="Dropped">Questions left out as ambiguous.</param>
/// <param name="Questions">Yes-no questions before the correction.</param>
public sealed record CorrectionResult(Dataset Dataset, int Changed, int Dropped, int Questions);

/// <summary>What happens to a question that a file of corrected labels does not list.</summary>
public enum UnlistedLabel
{
    /// <summary>It was ambiguous and is left out: RePOPE publishes its files so.</summary>
    Drop,

    /// <summary>Its label was right and stays: for files that hold changes only.</summary>
    Keep,
}
