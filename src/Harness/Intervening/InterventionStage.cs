using System.Security.Cryptography;
using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Intervening;

/// <summary>The second stage of a study: what a model answers when patches are hidden or units are ablated, as a plan says that was made from the trace
/// (<c>RUN/intervene/KEY</c>). Resumes and shards
/// as the trace stage does.</summary>
public static class InterventionStage
{
    /// <param name="model">The subject, loaded.</param>
    /// <param name="checkpoint">Where it was loaded from.</param>
    /// <param name="dataset">The questions that were traced.</param>
    /// <param name="trace">What the model shows on them unchanged: attention to mask by, reference values, one-token answers.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after every block.</param>
    /// <param name="warn">Told what was found damaged and is done again.</param>
    /// <exception cref="StoreException">The folder cannot be written; what is finished stays.</exception>
    public static StageResult Run(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, TraceSet trace, InterventionPlan plan, string runFolder,
        InterventionOptions? options = null, Action<StageProgress>? progress = null, Action<string>? warn = null)
    {
        options ??= new InterventionOptions();
        options.Check();
        var samples = SamplesOf(dataset, trace, plan);
        byte[] planBytes = PlanFile.Serialize(plan);
        var key = new RunKey("intervene",
        [
            .. SubjectFacts.Of(model, checkpoint, dataset, new FileHashes()),
            .. options.Facts(),
            new("intervene.plan", Convert.ToHexStringLower(SHA256.HashData(planBytes))),
            new("intervene.budget", plan.Budget),
            new("intervene.trace", trace.Facts.Key),
        ]);
        var store = BlockStore.Create(runFolder, key, samples.Count, options.BlockSize);
        store.WriteCompanion(PlanFile.Name, planBytes);

        InterventionArm[] arms = [InterventionArm.None, .. plan.Arms];
        var costs = new ArmCosts(model);
        using var pass = new InterventionPass(model, trace, plan, arms, options, new AnswerWords(model.Processor.Tokenizer, model.VocabularySize), costs);
        var summary = new StageRun(store, options.Shard, progress, warn).Run(number =>
        {
            var block = PreparedBlock.Make(model, [.. samples.Skip(store.FirstOf(number)).Take(store.CountOf(number))]);
            var before = PassCounts.Of(model.Passes);
            var results = pass.Run(block);
            string[] records =
            [
                JsonSerializer.Serialize(new AnswerTable([.. results.Answers]), Json.Line),
                .. block.Samples.Select(sample => JsonSerializer.Serialize(new InterventionLine(sample.Id, sample.Image, sample.Question), Json.Line)),
            ];
            store.Write(number, records, results.Arrays(), PassCounts.Of(model.Passes) - before);
        });
        var result = new StageResult(store.Folder, key.Hash, key.Facts, summary, costs.Seconds) { ArmOverPrefill = costs.OverPrefill };
        RunFile.Update(runFolder, "intervene", result);
        return result;
    }

    static IReadOnlyList<Sample> SamplesOf(Dataset dataset, TraceSet trace, InterventionPlan plan)
    {
        if (plan.TraceKey != trace.Facts.Key)
            throw new VrpException($"The plan was made from trace {Short(plan.TraceKey)}, and this is trace {Short(trace.Facts.Key)}. Make a plan from this trace.");
        if (plan.SampleIds.Count == 0) return dataset.Samples;
        var wanted = plan.SampleIds.ToHashSet(StringComparer.Ordinal);
        Sample[] samples = [.. dataset.Samples.Where(sample => wanted.Contains(sample.Id))];
        return samples.Length == wanted.Count ? samples
            : throw new VrpException($"The plan names {wanted.Count} samples, of which {dataset.Name} holds {samples.Length}. Use the data set that was traced.");
    }

    static string Short(string key) => key.Length > 16 ? key[..16] : key;
}
