using System.Collections;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims;

/// <summary>One question of a study, with the model's trace record and the score of its answer.</summary>
/// <param name="record">What the model showed.</param>
/// <param name="answer">The greedy answer, judged.</param>
/// <param name="place">Where the trace's arrays have it.</param>
sealed class StudyRow(TraceRecord record, ScoredAnswer answer, int place)
{
    public TraceRecord Record => record;

    public ScoredAnswer Answer => answer;

    public int Place => place;

    public string Id => record.Question.Id;

    public QuestionKind Kind => record.Question.Kind;

    /// <summary>What makes questions dependent: splits and resampling keep it whole.</summary>
    public string Image => record.Question.Group;

    /// <summary>Right. An answer that does not parse is wrong.</summary>
    public bool IsCorrect => answer.Correct;

    public bool IsJudged => answer.Status != AnswerStatus.Unjudged;

    public bool IsUnparsed => answer.Status == AnswerStatus.Unparsed;
}

/// <summary>One number per question, by the question's id.</summary>
/// <param name="Name">As samples.jsonl or metrics.json has it.</param>
/// <param name="Scores">A question without a number is absent.</param>
sealed record Signal(string Name, IReadOnlyDictionary<string, double> Scores)
{
    public static Signal Of(string name, IEnumerable<StudyRow> rows, Func<StudyRow, double> of) => new(name, rows.ToDictionary(row => row.Id, of));

    public double this[StudyRow row] => Scores[row.Id];

    public bool Knows(StudyRow row) => Scores.ContainsKey(row.Id);
}

/// <summary>Some rows of a study with what statistics need besides a score: labels, images, and the study's one split among them, each in the rows'
/// order.</summary>
sealed class RowSet : IReadOnlyList<StudyRow>
{
    readonly StudyRow[] rows;
    readonly Func<RowSet, Split> splitOf;
    readonly Lazy<Groups> images;
    readonly Lazy<Split> split;

    /// <param name="rows">The rows.</param>
    /// <param name="splitOf">Splits a set of the study's rows.</param>
    public RowSet(IEnumerable<StudyRow> rows, Func<RowSet, Split> splitOf)
    {
        (this.rows, this.splitOf) = ([.. rows], splitOf);
        Labels = [.. this.rows.Select(row => row.IsCorrect)];
        Numbers = [.. Labels.Select(label => label ? 1.0 : 0)];
        images = new(() => Count > 0 ? Groups.From(this.rows.Select(row => row.Image)) : throw new NotRunException("there is no question with a judged "
            + "answer."));
        split = new(() => splitOf(this));
    }

    public int Count => rows.Length;

    public StudyRow this[int index] => rows[index];

    /// <summary>Right answers. Unparsed is wrong.</summary>
    public bool[] Labels { get; }

    /// <summary><see cref="Labels"/> as 0 and 1.</summary>
    public double[] Numbers { get; }

    /// <summary>The image of every row.</summary>
    /// <exception cref="NotRunException">No rows.</exception>
    public Groups Images => images.Value;

    /// <summary>Half of the images to fit on, half to score. Its numbers are places in this set.</summary>
    /// <exception cref="StatisticsException">A half of one class, or empty.</exception>
    public Split Split => split.Value;

    public IEnumerable<StudyRow> Fitting => Split.Fitting.ToArray().Select(i => rows[i]);

    public IEnumerable<StudyRow> Scored => Split.Scored.ToArray().Select(i => rows[i]);

    public RowSet Where(Func<StudyRow, bool> keep) => new(rows.Where(keep), splitOf);

    /// <summary>Other rows of the same study.</summary>
    public RowSet Of(IEnumerable<StudyRow> others) => new(others, splitOf);

    /// <summary>A number of every row.</summary>
    public double[] Take(Func<StudyRow, double> of) => [.. rows.Select(of)];

    /// <summary>A signal's number of every row.</summary>
    public double[] Take(Signal signal) => Take(row => signal[row]);

    public IEnumerator<StudyRow> GetEnumerator() => rows.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
