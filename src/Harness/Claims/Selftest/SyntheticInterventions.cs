using Vrp.Harness.Claims.Planning;
using Vrp.Harness.Intervening;
using Vrp.Harness.Statistics;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims.Selftest;

/// <summary>An intervention stage made up from known losses: an arm turns a right answer wrong with a stated probability, question by question.</summary>
/// <param name="Loss">The probability of each arm.</param>
public sealed record SyntheticInterventions(Func<InterventionArm, double> Loss)
{
    /// <summary>Small enough for tests, large enough for verdicts: zero ablation only, 1, 5 and half of the units.</summary>
    public InterventionBudget Budget { get; init; } = InterventionBudget.Full with { Modes = [AblationMode.Zero], Counts = [1, 5], Shares = [0.5] };

    /// <summary>Of the draws.</summary>
    public ulong Seed { get; init; } = 7;

    /// <summary>Plans on the trace, as the real stage does, and makes up the answers.</summary>
    public InterventionSet Build(TraceSet trace, StudyOptions? options = null)
    {
        var plan = InterventionPlanner.Plan(trace, Budget, options);
        var records = trace.Records.ToDictionary(record => record.Question.Id);
        var questions = plan.QuestionIds.Select(id => records[id].Question).ToArray();
        bool[] right = [.. plan.QuestionIds.Select(id => trace.Scorer.Score(records[id].Question, records[id].Answer).Correct)];
        InterventionArm[] arms = [InterventionArm.None, .. plan.Arms];
        var (answers, correct) = (new string[arms.Length, questions.Length], new bool[arms.Length, questions.Length]);
        for (var arm = 0; arm < arms.Length; arm++)
        {
            var random = Xoshiro256.Stream(Seed, arm);
            var loss = arm == 0 ? 0 : Loss(arms[arm]);
            for (var i = 0; i < questions.Length; i++)
            {
                correct[arm, i] = right[i] && random.NextDouble() >= loss;
                answers[arm, i] = correct[arm, i] ? questions[i].Answers[0] : "";
            }
        }

        return new InterventionSet(plan, arms, questions, answers, correct, new float[arms.Length, questions.Length], new float[arms.Length, questions.Length]);
    }
}
