using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Storage;

namespace Vrp.Harness.Intervening;

/// <summary>The second stage of a study: what a model answers when patches are hidden or units are ablated, as a plan says that was made from the trace
/// (<c>RUN/intervene/KEY</c>). Resumes and shards as the trace stage does.</summary>
public static class InterventionStage
{
    /// <summary>The fact of the key that holds the plan's SHA-256.</summary>
    internal const string PlanFact = "intervene.plan";

    /// <param name="models">The subject, loaded; with several copies as many blocks are computed side by side.</param>
    /// <param name="checkpoint">Where it was loaded from.</param>
    /// <param name="dataset">The questions that were traced.</param>
    /// <param name="trace">What the model shows on them unchanged: attention to mask by, reference values, one-token answers.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Called after every block.</param>
    /// <param name="warn">Called with a sentence when a block was found damaged and is computed again.</param>
    /// <exception cref="StoreException">The folder cannot be written; what is finished stays.</exception>
    public static StageResult Run(IReadOnlyList<VisionLanguageModel> models, Checkpoint checkpoint, Dataset dataset, TraceSet trace, InterventionPlan plan,
        string runFolder, InterventionOptions? options = null, Action<StageProgress>? progress = null, Action<string>? warn = null)
    {
        options ??= new InterventionOptions();
        options.Check();
        var model = models[0];
        var questions = QuestionsOf(dataset, trace, plan);
        var planBytes = PlanFile.Serialize(plan);
        var key = new RunKey("intervene",
        [
            .. SubjectFacts.Of(model, checkpoint, dataset, dataset.ImageHashes(), new FileHashes()),
            .. options.Facts(),
            new("intervene.order", WorkOrder.RuleOf(model.Processor.ImageProcessor)),
            new("intervene.random_masks", "per image"),
            new("intervene.prefixes", SharedImages.PrefixesOf(model, options.PrefixSharing)),
            new(PlanFact, Sha256Hex.Of(planBytes)),
            new("intervene.budget", plan.Budget),
            new("intervene.trace", trace.Facts.Key),
        ]);
        var work = WorkOrder.Of(questions, options.BlockSize, model.Processor.ImageProcessor);
        var store = BlockStore.Create(runFolder, key, work.Questions.Count, options.BlockSize, starts: work.Starts);
        store.WriteCompanion(PlanFile.Name, planBytes);

        InterventionArm[] arms = [InterventionArm.None, .. plan.Arms];
        var words = new AnswerWords(model.Processor.Tokenizer, model.VocabularySize);
        ArmCosts[] costs = [.. models.Select(own => new ArmCosts(own))];
        InterventionPass[] passes = [.. models.Select((own, i) => new InterventionPass(own, trace, plan, arms, options, words, costs[i]))];
        StageSummary summary;
        try
        {
            summary = new StageRun(store, options.Shard, progress, warn).Run(models.Count, (number, worker) =>
            {
                var block = PreparedBlock.Make(models[worker], [.. work.Questions.Skip(store.FirstOf(number)).Take(store.CountOf(number))], dataset.Exif);
                var before = PassCounts.Of(models[worker].Passes);
                var results = passes[worker].Run(block);
                string[] records =
                [
                    JsonSerializer.Serialize(new AnswerTable([.. results.Answers]), Json.Line),
                    .. block.Questions.Select(question => JsonSerializer.Serialize(new InterventionLine(question.Id, question.Image, question.Text),
                        Json.Line)),
                ];
                store.Write(number, records, results.Arrays(), PassCounts.Of(models[worker].Passes) - before);
            });
        }
        finally
        {
            foreach (var pass in passes) pass.Dispose();
        }

        var cost = ArmCosts.Sum(costs);
        var result = new StageResult(store.Folder, key.Hash, key.Facts, summary, cost.Seconds) { ArmOverPrefill = cost.OverPrefill,
            PrefillsPerQuestion = cost.PrefillsPerQuestion };
        RunFile.Update(runFolder, "intervene", result);
        return result;
    }

    /// <summary>The same with one copy.</summary>
    public static StageResult Run(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, TraceSet trace, InterventionPlan plan, string runFolder,
        InterventionOptions? options = null, Action<StageProgress>? progress = null, Action<string>? warn = null) =>
        Run([model], checkpoint, dataset, trace, plan, runFolder, options, progress, warn);

    static IReadOnlyList<Question> QuestionsOf(Dataset dataset, TraceSet trace, InterventionPlan plan)
    {
        if (plan.TraceKey != trace.Facts.Key)
            throw new VrpException($"The plan was made from trace {Short(plan.TraceKey)}, and this is trace {Short(trace.Facts.Key)}. Make a plan from this "
                + "trace.");
        if (plan.QuestionIds.Count == 0) return dataset.Questions;
        var wanted = plan.QuestionIds.ToHashSet(StringComparer.Ordinal);
        Question[] questions = [.. dataset.Questions.Where(question => wanted.Contains(question.Id))];
        return questions.Length == wanted.Count ? questions
            : throw new VrpException($"The plan names {wanted.Count} questions, of which {dataset.Name} holds {questions.Length}. Use the data set that was "
                + "traced.");
    }

    static string Short(string key) => key.Length > 16 ? key[..16] : key;
}

/// <summary>How the intervention stage runs.</summary>
public sealed record InterventionOptions
{
    /// <summary>Most questions of a block; one prefill serves all arms of a block.</summary>
    public int BlockSize { get; init; } = 24;

    /// <summary>Most rows (questions × arms) of one restart. Fewer need less memory.</summary>
    public int RowsPerBatch { get; init; } = 1024;

    /// <summary>Most positions (questions × arms × prompt) of one restart at all positions.</summary>
    public int PositionsPerBatch { get; init; } = 32768;

    /// <summary>Longest answer in tokens, its end token included.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Reads what an image's prompts have in common once, where attention is causal; the results are the same up to the rounding of sums in another
    /// order.</summary>
    public bool PrefixSharing { get; init; } = true;

    /// <summary>Which part of the blocks to run.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>What of this the results depend on.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Facts()
    {
        string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
        yield return new("intervene.block_size", Text(BlockSize));
        yield return new("intervene.rows_per_batch", Text(RowsPerBatch));
        yield return new("intervene.positions_per_batch", Text(PositionsPerBatch));
        yield return new("generation.max_new_tokens", Text(MaxNewTokens));
    }

    internal void Check()
    {
        foreach (var (value, name) in ((int, string)[])[(BlockSize, "questions per block"), (RowsPerBatch, "rows per batch"),
            (PositionsPerBatch, "positions per batch"), (MaxNewTokens, "answer tokens")])
            if (value < 1) throw new VrpException($"{value} {name}; expected at least 1.");
    }
}

/// <summary>What arms cost, by kind: seconds, and positions × blocks of the language model per arm and question.</summary>
sealed class ArmCosts(VisionLanguageModel model)
{
    readonly VisionLanguageModel counted = model;

    /// <summary>Reading the prompts unchanged, with the greedy answers apart.</summary>
    public const string Prefill = "reading";

    /// <summary>What all are a share of: the prompts read unchanged, each in full by itself. Positions × blocks, and prompts.</summary>
    (long BlockPositions, long Prompts) unshared;

    readonly SortedDictionary<string, (double Seconds, long BlockPositions, long Arms)> kinds = new(StringComparer.Ordinal);

    public T Of<T>(string kind, int arms, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var (before, whole) = (counted.Passes.BlockPositions, counted.Passes.UnsharedPositions);
        var result = work();
        var (seconds, positions, count) = kinds.GetValueOrDefault(kind);
        kinds[kind] = (seconds + clock.Elapsed.TotalSeconds, positions + counted.Passes.BlockPositions - before, count + arms);
        if (kind == Prefill) unshared = (unshared.BlockPositions + (counted.Passes.UnsharedPositions - whole) * counted.Layers, unshared.Prompts + arms);
        return result;
    }

    public void Of(string kind, int arms, Action work) => Of(kind, arms, () =>
    {
        work();
        return true;
    });

    /// <summary>Of several workers: everything added up.</summary>
    public static ArmCosts Sum(IReadOnlyList<ArmCosts> workers)
    {
        var sum = new ArmCosts(workers[0].counted);
        foreach (var (name, kind) in workers.SelectMany(worker => worker.kinds))
        {
            var (seconds, positions, arms) = sum.kinds.GetValueOrDefault(name);
            sum.kinds[name] = (seconds + kind.Seconds, positions + kind.BlockPositions, arms + kind.Arms);
        }
        foreach (var (positions, prompts) in workers.Select(worker => worker.unshared))
            sum.unshared = (sum.unshared.BlockPositions + positions, sum.unshared.Prompts + prompts);
        return sum;
    }

    public SortedDictionary<string, double> Seconds => new(kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Seconds), StringComparer.Ordinal);

    /// <summary>Cost of one arm of one question, as a share of reading its prompt in full.</summary>
    public SortedDictionary<string, double> OverPrefill => new(unshared.BlockPositions == 0 ? new Dictionary<string, double>()
        : kinds.ToDictionary(kind => kind.Key, kind => Math.Round(kind.Value.BlockPositions / (double)Math.Max(1, kind.Value.Arms) / Each, 6)),
            StringComparer.Ordinal);

    /// <summary>What all arms of a question cost, in prompts read in full; null where nothing was computed.</summary>
    public double? PrefillsPerQuestion =>
        unshared.BlockPositions == 0 ? null : Math.Round(kinds.Values.Sum(kind => kind.BlockPositions) / Each / unshared.Prompts, 3);

    double Each => unshared.BlockPositions / (double)unshared.Prompts;
}
