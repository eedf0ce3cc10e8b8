using Vrp.Harness.Datasets;

namespace Vrp.Harness.Intervening;

/// <summary>What every sample answered in every arm. Needs neither torch nor files.</summary>
public sealed class InterventionSet
{
    readonly string[,] answers;
    readonly bool[,] correct;
    readonly float[,] pYes, pNo;

    /// <param name="plan">What was done.</param>
    /// <param name="arms">Arms; the first is <see cref="InterventionArm.None"/>.</param>
    /// <param name="questions">Samples, in the data set's order.</param>
    /// <param name="answers">[arms, samples]</param>
    /// <param name="correct">[arms, samples], by the data set's judge; unparsed is wrong.</param>
    /// <param name="pYes">[arms, samples], probability that the first token says yes.</param>
    /// <param name="pNo">[arms, samples]</param>
    public InterventionSet(InterventionPlan plan, IReadOnlyList<InterventionArm> arms, IReadOnlyList<Question> questions, string[,] answers, bool[,] correct,
        float[,] pYes, float[,] pNo)
    {
        foreach (var (array, name) in ((Array, string)[])[(answers, nameof(answers)), (correct, nameof(correct)), (pYes, nameof(pYes)), (pNo, nameof(pNo))])
            if (array.GetLength(0) != arms.Count || array.GetLength(1) != questions.Count)
                throw new ArgumentException($"{name} is [{array.GetLength(0)}, {array.GetLength(1)}]; expected [{arms.Count} arms, {questions.Count} samples].",
                    name);
        if (arms.Count == 0 || arms[0].Part != InterventionPart.None)
            throw new ArgumentException("The first arm must be the one that changes nothing.", nameof(arms));
        (Plan, Arms, Questions, this.answers, this.correct, this.pYes, this.pNo) = (plan, arms, questions, answers, correct, pYes, pNo);
    }

    public InterventionPlan Plan { get; }

    /// <summary>SHA-256 of what the store holds; empty for interventions made up in memory.</summary>
    public string Content { get; init; } = "";

    public IReadOnlyList<InterventionArm> Arms { get; }

    public IReadOnlyList<Question> Questions { get; }

    public string Answer(int arm, int sample) => answers[arm, sample];

    /// <summary>Whether the answer is right.</summary>
    public bool Correct(int arm, int sample) => correct[arm, sample];

    /// <summary>One arm's results over all samples.</summary>
    public bool[] Correct(int arm) => [.. Enumerable.Range(0, Questions.Count).Select(sample => correct[arm, sample])];

    public float PYes(int arm, int sample) => pYes[arm, sample];

    public float PNo(int arm, int sample) => pNo[arm, sample];

    /// <summary>Arms of a part, as indices.</summary>
    public IReadOnlyList<int> ArmsOf(InterventionPart part) => [.. Enumerable.Range(0, Arms.Count).Where(arm => Arms[arm].Part == part)];
}
