using Vrp.Harness.Datasets;
using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Evaluation;

/// <summary>Figures of evaluated answers, with intervals that know that questions about one picture hang together.</summary>
public static class EvaluationFigures
{
    /// <summary>Draws of the bootstrap behind precision, recall and F1.</summary>
    const int Draws = 2000;

    /// <summary>Share of right answers; an answer that cannot be read is wrong.</summary>
    public static Estimate Accuracy(IReadOnlyList<EvaluatedAnswer> answers) => Share(answers, a => a.IsRight);

    /// <summary>Share of questions whose sampled answers are not all the same.</summary>
    public static Estimate Disagreement(IReadOnlyList<EvaluatedAnswer> answers) => Share(answers, a => a.Disagrees);

    /// <summary>Share of answers that can be read as an answer of their kind.</summary>
    public static Estimate Parsed(IReadOnlyList<EvaluatedAnswer> answers) => Share(answers, a => a.Score.Status != Datasets.Answers.AnswerStatus.Unparsed);

    /// <summary>Mean difference of being right, question by question: positive where <paramref name="answers"/> are better.</summary>
    public static Estimate AccuracyGain(IReadOnlyList<EvaluatedAnswer> answers, IReadOnlyList<bool> other)
    {
        double[] gains = [.. answers.Select((a, i) => (a.IsRight ? 1.0 : 0) - (other[i] ? 1.0 : 0))];
        return ClusteredMean.Interval(gains, Groups.From(answers.Select(a => a.Sample.Group)));
    }

    /// <summary>POPE's five (Li et al. 2023, arXiv:2305.10355, evaluate.py): accuracy, precision, recall and F1 of "yes", and the share of answers that say yes.</summary>
    public static PopeFigures Pope(IReadOnlyList<EvaluatedAnswer> answers)
    {
        if (answers.FirstOrDefault(a => a.Sample.Kind != QuestionKind.YesNo) is { } other)
            throw new VrpException($"POPE's figures: question {other.Sample.Id} is of kind {other.Sample.Kind}; expected yes-no questions only. Evaluate the files of different kinds apart.");
        var groups = Groups.From(answers.Select(a => a.Sample.Group));
        bool[] said = [.. answers.Select(a => a.Score.Parsed == "yes")], gold = [.. answers.Select(a => a.Sample.Answers[0] == "yes")];
        var bootstrap = new ClusteredBootstrap(groups, Draws);
        return new PopeFigures(
            Accuracy(answers),
            bootstrap.Percentile(counts => Confusion(groups, said, gold, counts).Precision),
            bootstrap.Percentile(counts => Confusion(groups, said, gold, counts).Recall),
            bootstrap.Percentile(counts => Confusion(groups, said, gold, counts).F1),
            Share(answers, a => a.Score.Parsed == "yes"));
    }

    static Estimate Share(IReadOnlyList<EvaluatedAnswer> answers, Func<EvaluatedAnswer, bool> holds) =>
        ClusteredMean.Interval([.. answers.Select(a => holds(a) ? 1.0 : 0)], Groups.From(answers.Select(a => a.Sample.Group)));

    /// <summary>Precision and F1 are NaN where nothing is said to be there: the bootstrap draws again.</summary>
    static (double Precision, double Recall, double F1) Confusion(Groups groups, bool[] said, bool[] gold, ReadOnlySpan<int> counts)
    {
        long truePositives = 0, saidYes = 0, goldYes = 0;
        for (int g = 0; g < counts.Length; g++)
        {
            if (counts[g] == 0) continue;
            foreach (int row in groups.Rows(g))
            {
                if (said[row]) saidYes += counts[g];
                if (gold[row]) goldYes += counts[g];
                if (said[row] && gold[row]) truePositives += counts[g];
            }
        }
        return (truePositives / (double)saidYes, truePositives / (double)goldYes, 2.0 * truePositives / (saidYes + goldYes));
    }
}
