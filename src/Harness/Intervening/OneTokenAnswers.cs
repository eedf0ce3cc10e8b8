using Vrp.Harness.Datasets;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Intervening;

/// <summary>First tokens that are a whole answer: those that the model itself, unchanged, ended right after, in an answer to a question of the same kind. An
/// arm whose first token is one of them is scored by it alone; any other is decoded to its end. Descriptions always are.</summary>
sealed class OneTokenAnswers
{
    readonly HashSet<(QuestionKind, int)> whole = [];
    readonly HashSet<int> ends;

    public OneTokenAnswers(TraceSet trace, IReadOnlyList<int> endTokens)
    {
        ends = [.. endTokens];
        foreach (var record in trace.Records)
        {
            if (record.Question.Kind == QuestionKind.Open) continue;
            foreach (var ids in record.SampledAnswers.Select(sample => sample.Ids).Prepend(record.Ids))
                if (ids.Count == 2 && ends.Contains(ids[1])) whole.Add((record.Question.Kind, ids[0]));
        }
    }

    public bool Holds(Question question, int firstToken) => ends.Contains(firstToken) || whole.Contains((question.Kind, firstToken));
}
