using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Intervening;

/// <summary>Opens what an intervention stage stored, judged by a data set's labels of today. Needs no torch.</summary>
public static class InterventionReader
{
    /// <param name="folder">The store (<see cref="StageResult.Folder"/>), or a run's folder that holds one.</param>
    /// <param name="dataset">The questions, with the labels to judge by; questions that it does not hold are left out.</param>
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
