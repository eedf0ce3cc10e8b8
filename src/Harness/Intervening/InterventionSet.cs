using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;

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
                throw new ArgumentException($"{name} is [{array.GetLength(0)}, {array.GetLength(1)}]; expected [{arms.Count} arms, "
                    + $"{questions.Count} questions].", name);
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

/// <summary>Opens what an intervention stage stored, scored by a data set's present labels. Needs no torch.</summary>
public static class InterventionReader
{
    /// <param name="folder">The store (<see cref="StageResult.Folder"/>), or a run's folder that holds one.</param>
    /// <param name="dataset">The questions, with the labels to score by; questions that it does not hold are left out.</param>
    /// <exception cref="StoreException">The store is incomplete or damaged, or is of other questions.</exception>
    public static InterventionSet Open(string folder, Dataset dataset)
    {
        var store = Find(folder);
        var path = Path.Combine(store.Folder, PlanFile.Name);
        var plan = PlanFile.Checked(Json.Parse<InterventionPlan>(store.ReadCompanion(PlanFile.Name, InterventionStage.PlanFact), path), path);
        InterventionArm[] arms = [InterventionArm.None, .. plan.Arms];
        var judge = AnswerScorer.For(dataset);
        var blocks = store.ReadAll();
        var lines = blocks.Select(block => block.Lines.Skip(1).Select(line => Json.Parse<InterventionLine>(line, store.Folder)).ToArray()).ToArray();
        if (lines.SelectMany(block => block).CountBy(line => line.Id).FirstOrDefault(same => same.Value > 1).Key is { } twice)
            throw new StoreException($"{store.Folder} holds two records of {twice}. Run the intervene stage again.");
        var held = lines.SelectMany(block => block).ToDictionary(line => line.Id, StringComparer.Ordinal);
        Question[] questions = [.. dataset.Questions.Where(question => held.ContainsKey(question.Id)).Select(question => held[question.Id] is var line
            && question.Image == line.Image && question.Text == line.Question ? question :
                throw new StoreException($"{store.Folder} is of other questions: question {line.Id} asks \"{line.Question}\" there."))];
        var places = questions.Select((question, at) => (question.Id, at)).ToDictionary(place => place.Id, place => place.at, StringComparer.Ordinal);

        var (answers, correct) = (new string[arms.Length, questions.Length], new bool[arms.Length, questions.Length]);
        var (pYes, pNo) = (new float[arms.Length, questions.Length], new float[arms.Length, questions.Length]);
        Workers.ForEach([.. Enumerable.Range(0, blocks.Count)], Environment.ProcessorCount, (number, _) =>
        {
            var (block, ids) = (blocks[number], lines[number]);
            var table = Json.Parse<AnswerTable>(block.Lines.FirstOrDefault(), store.Folder).Answers;
            var answerOf = block.Arrays.ReadInts("answer");
            float[] yes = block.Arrays.ReadFloats("p_yes"), no = block.Arrays.ReadFloats("p_no");
            if (ids.Length != block.Count || new[] { answerOf.Length, yes.Length, no.Length }.Any(length => length != arms.Length * ids.Length)
                || answerOf.Any(answer => answer < 0 || answer >= table.Length))
                throw new StoreException($"{store.Folder}: the block from question {block.First} on does not hold {arms.Length} arms of {block.Count} "
                    + "questions. Run the intervene stage again.");
            for (var i = 0; i < ids.Length; i++)
            {
                if (!places.TryGetValue(ids[i].Id, out var at)) continue;
                var right = new bool?[table.Length];                                     // a block has few distinct answers and many arms
                for (var arm = 0; arm < arms.Length; arm++)
                {
                    int from = arm * ids.Length + i, answer = answerOf[from];
                    answers[arm, at] = table[answer];
                    correct[arm, at] = right[answer] ??= judge.Score(questions[at], table[answer]).Correct;
                    (pYes[arm, at], pNo[arm, at]) = (yes[from], no[from]);
                }
            }
        });
        return new InterventionSet(plan, arms, questions, answers, correct, pYes, pNo) { Content = store.ContentHash(blocks) };
    }

    static BlockStore Find(string folder)
    {
        BlockStore[] found = [.. BlockStore.FindAll(folder).Where(store => store.Manifest.Stage == "intervene")];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new StoreException($"{folder} holds no interventions. Run `vrp intervene` with --out {folder} first."),
            _ =>
                throw new StoreException($"{folder} holds {found.Length} intervention stages ({string.Join(", ", found.Select(store => store.Folder))}); name "
                    + "one of them."),
        };
    }
}
