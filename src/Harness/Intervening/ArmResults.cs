using Vrp.Harness.Storage;

namespace Vrp.Harness.Intervening;

/// <summary>A block's answers and probabilities as they come in, arm by arm.</summary>
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
        if (Array.IndexOf(answerOf, -1) is var at and >= 0) throw new InvalidOperationException($"Arm {at / questions} has no answer of question {at % questions}.");
        return [StoredArray.Of("answer", answerOf, arms, questions), StoredArray.Of("p_yes", pYes, arms, questions), StoredArray.Of("p_no", pNo, arms, questions)];
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
