using Vrp.Harness.Datasets;

namespace Vrp.Harness.Intervening;

/// <summary>What every question answered in every arm. Needs neither torch nor files.</summary>
public sealed class InterventionSet
{
    readonly string[,] answers;
    readonly bool[,] correct;
    readonly float[,] pYes, pNo;

    /// <param name="plan">What was done.</param>
    /// <param name="arms">Arms; the first is <see cref="InterventionArm.None"/>.</param>
    /// <param name="questions">Questions, in the data set's order.</param>
    /// <param name="answers">[arms, questions]</param>
    /// <param name="correct">[arms, questions], by the data set's judge; unparsed is wrong.</param>
    /// <param name="pYes">[arms, questions], probability that the first token says yes.</param>
    /// <param name="pNo">[arms, questions]</param>
    public InterventionSet(InterventionPlan plan, IReadOnlyList<InterventionArm> arms, IReadOnlyList<Question> questions, string[,] answers, bool[,] correct,
        float[,] pYes, float[,] pNo)
    {
        foreach (var (array, name) in ((Array, string)[])[(answers, nameof(answers)), (correct, nameof(correct)), (pYes, nameof(pYes)), (pNo, nameof(pNo))])
            if (array.GetLength(0) != arms.Count || array.GetLength(1) != questions.Count)
                throw new ArgumentException($"{name} is [{array.GetLength(0)}, {array.GetLength(1)}]; expected [{arms.Count} arms, {questions.Count} questions].",
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

    public string Answer(int arm, int question) => answers[arm, question];

    /// <summary>Whether the answer is right.</summary>
    public bool Correct(int arm, int question) => correct[arm, question];

    /// <summary>One arm's results over all questions.</summary>
    public bool[] Correct(int arm) => [.. Enumerable.Range(0, Questions.Count).Select(question => correct[arm, question])];

    public float PYes(int arm, int question) => pYes[arm, question];

    public float PNo(int arm, int question) => pNo[arm, question];

    /// <summary>Arms of a part, as indices.</summary>
    public IReadOnlyList<int> ArmsOf(InterventionPart part) => [.. Enumerable.Range(0, Arms.Count).Where(arm => Arms[arm].Part == part)];
}
