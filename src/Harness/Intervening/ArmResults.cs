using Vrp.Harness.Storage;

namespace Vrp.Harness.Intervening;

/// <summary>A block's answers and probabilities as they come in, arm by arm.</summary>
sealed class ArmResults(int arms, int samples)
{
    readonly Dictionary<string, int> table = new(StringComparer.Ordinal);
    readonly List<string> answers = [];
    readonly int[] answerOf = Enumerable.Repeat(-1, arms * samples).ToArray();
    readonly float[] pYes = new float[arms * samples], pNo = new float[arms * samples];

    /// <summary>The distinct answers.</summary>
    public IReadOnlyList<string> Answers => answers;

    public void Set(int arm, int sample, string answer, float yes, float no)
    {
        Complete(arm, sample, answer);
        (pYes[arm * samples + sample], pNo[arm * samples + sample]) = (yes, no);
    }

    /// <summary>Puts the whole answer in the place of its first token; the first token's probabilities stay.</summary>
    public void Complete(int arm, int sample, string answer)
    {
        if (!table.TryGetValue(answer, out var index))
        {
            table.Add(answer, index = answers.Count);
            answers.Add(answer);
        }
        answerOf[arm * samples + sample] = index;
    }

    public void Copy(int from, int to)
    {
        for (var sample = 0; sample < samples; sample++)
        {
            var (source, target) = (from * samples + sample, to * samples + sample);
            (answerOf[target], pYes[target], pNo[target]) = (answerOf[source], pYes[source], pNo[source]);
        }
    }

    /// <summary><c>answer</c> int32, <c>p_yes</c> and <c>p_no</c> float32, each [arms, samples]; answers are indices into the block's table.</summary>
    public IReadOnlyList<StoredArray> Arrays()
    {
        if (Array.IndexOf(answerOf, -1) is var at and >= 0) throw new InvalidOperationException($"Arm {at / samples} has no answer of sample {at % samples}.");
        return [StoredArray.Of("answer", answerOf, arms, samples), StoredArray.Of("p_yes", pYes, arms, samples), StoredArray.Of("p_no", pNo, arms, samples)];
    }
}
