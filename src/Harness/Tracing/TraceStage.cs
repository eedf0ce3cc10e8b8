using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Models;
using Vrp.Models.Checkpoints;

namespace Vrp.Harness.Tracing;

/// <summary>The first stage of a study: everything that a model shows on a data set, on disk, in blocks (<c>RUN/trace/KEY</c>). Run again after any
/// interruption, it goes on where it was.</summary>
public static class TraceStage
{
    /// <param name="model">The subject, loaded.</param>
    /// <param name="checkpoint">Where it was loaded from: its files are part of the key.</param>
    /// <param name="dataset">The questions.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="options">What to record.</param>
    /// <param name="progress">Told after every block.</param>
    /// <param name="warn">Told what was found damaged and is done again.</param>
    /// <exception cref="StoreException">The folder cannot be written; what is finished stays.</exception>
    public static StageResult Run(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, string runFolder, TraceOptions? options = null,
        Action<StageProgress>? progress = null, Action<string>? warn = null) => Run(model, checkpoint, dataset, runFolder, options ?? new(), progress, warn,
            null);

    internal static StageResult Run(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, string runFolder, TraceOptions options,
        Action<StageProgress>? progress, Action<string>? warn, Func<string, Stream>? create)
    {
        options.Check();
        var words = new AnswerWords(model.Processor.Tokenizer, model.VocabularySize);
        var truths = new TruthTokens(words, dataset.Aliases);
        var key = TraceKey.Of(model, checkpoint, dataset, truths, options, new FileHashes());
        var store = BlockStore.Create(runFolder, key, dataset.Samples.Count, options.BlockSize, create);
        using var clock = new PhaseClock();
        var pass = new TracePass(model, options, words, truths, clock);

        (int Block, Task<PreparedBlock> Task)? next = null;
        Task<PreparedBlock> Prepare(int block) =>
            Task.Run(() => PreparedBlock.Make(model, [.. dataset.Samples.Skip(store.FirstOf(block)).Take(store.CountOf(block))]));

        int end = options.Shard.BlocksOf(store.Manifest.Blocks).End.Value;
        var summary = new StageRun(store, options.Shard, progress, warn, create).Run(block =>
        {
            var prepared = (next is { } ready && ready.Block == block ? ready.Task : Prepare(block)).GetAwaiter().GetResult();
            int following = Enumerable.Range(block + 1, Math.Max(0, end - block - 1)).FirstOrDefault(b => !store.Exists(b), -1);
            next = following < 0 ? null : (following, Prepare(following));
            var before = PassCounts.Of(model.Passes);
            var (records, arrays) = pass.Run(prepared);
            store.Write(block, records, arrays, PassCounts.Of(model.Passes) - before);
        });
        var result = new StageResult(store.Folder, key.Hash, key.Facts, summary, clock.Seconds);
        RunFile.Update(runFolder, "trace", result);
        return result;
    }
}
