using TorchSharp;
using Vrp.Harness.Datasets;
using Vrp.Harness.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Harness.Intervening;

/// <summary>Collects a block's answers and probabilities, arm by arm.</summary>
sealed class ArmResults(int arms, int questions)
{
    readonly Dictionary<string, int> table = new(StringComparer.Ordinal);
    readonly List<string> answers = [];
    readonly int[] answerOf = Enumerable.Repeat(-1, arms * questions).ToArray();
    readonly float[] pYes = new float[arms * questions], pNo = new float[arms * questions];

    /// <summary>The distinct answers.</summary>
    public IReadOnlyList<string> Answers => answers;

    public void Set(int arm, int question, string answer, float yes, float no)
    {
        Complete(arm, question, answer);
        (pYes[arm * questions + question], pNo[arm * questions + question]) = (yes, no);
    }

    /// <summary>Puts the whole answer in the place of its first token; the first token's probabilities stay.</summary>
    public void Complete(int arm, int question, string answer)
    {
        if (!table.TryGetValue(answer, out var index))
        {
            table.Add(answer, index = answers.Count);
            answers.Add(answer);
        }
        answerOf[arm * questions + question] = index;
    }

    public void Copy(int from, int to)
    {
        for (var question = 0; question < questions; question++)
        {
            var (source, target) = (from * questions + question, to * questions + question);
            (answerOf[target], pYes[target], pNo[target]) = (answerOf[source], pYes[source], pNo[source]);
        }
    }

    /// <summary><c>answer</c> int32, <c>p_yes</c> and <c>p_no</c> float32, each [arms, questions]; answers are indices into the block's table.</summary>
    public IReadOnlyList<StoredArray> Arrays()
    {
        if (Array.IndexOf(answerOf, -1) is var at and >= 0)
            throw new InvalidOperationException($"Arm {at / questions} has no answer of question {at % questions}.");
        return [StoredArray.Of("answer", answerOf, arms, questions), StoredArray.Of("p_yes", pYes, arms, questions),
            StoredArray.Of("p_no", pNo, arms, questions)];
    }
}

/// <summary>One question of a stored block.</summary>
/// <param name="Id">The question's.</param>
/// <param name="Image">Its image's name. With the text it shows whether a data set is the one that was used.</param>
/// <param name="Question">Its text.</param>
sealed record InterventionLine(string Id, string Image, string Question);

/// <summary>First record of a stored block: its distinct answers, which the array <c>answer</c> points into.</summary>
/// <param name="Answers">Texts without special tokens.</param>
sealed record AnswerTable(string[] Answers);

/// <summary>Of many rows of logits: the best token, P(yes) and P(no). Reduced on the model's device: a thousand rows of a vocabulary of 150,000 are 600
/// MB.</summary>
/// <param name="Best">The most likely token (the lowest id of equals).</param>
/// <param name="Yes">Probability of all tokens that say yes.</param>
/// <param name="No">Probability of all tokens that say no.</param>
sealed record FirstTokenScores(int[] Best, float[] Yes, float[] No)
{
    /// <param name="logits">[rows,V]</param>
    /// <param name="words">The vocabulary.</param>
    public static FirstTokenScores Of(Tensor logits, AnswerWords words)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to(ScalarType.Float32);
        var normaliser = wide.logsumexp(-1, keepdim: true);                              // [rows,1]
        if (normaliser.cpu().data<float>().ToArray().Any(value => !float.IsFinite(value)))
            throw new VrpException("The model's logits are not finite in an intervention. Try --dtype float32: half precision may overflow in this model.");
        float[] Sum(IReadOnlyList<int> ids) => ids.Count == 0 ? new float[logits.shape[0]]
            : (wide.index_select(1, tensor(ids.Select(id => (long)id).ToArray()).to(wide.device)) - normaliser).exp().sum(-1).AtMost(1).cpu().data<float>()
                .ToArray();
        return new FirstTokenScores([.. wide.argmax(-1).cpu().data<long>().ToArray().Select(id => (int)id)], Sum(words.Yes), Sum(words.No));
    }
}

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
