using System.Diagnostics;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Storage;

namespace Vrp.Harness.Tracing;

/// <summary>The first stage of a study: everything that a model shows on a data set, on disk, in blocks (<c>RUN/trace/KEY</c>). Run again after any
/// interruption, it goes on where it was.</summary>
public static class TraceStage
{
    /// <param name="models">The subject, loaded; with several copies as many blocks are computed side by side.</param>
    /// <param name="checkpoint">Where it was loaded from: its files are part of the key.</param>
    /// <param name="dataset">The questions.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="options">What to record.</param>
    /// <param name="progress">Called after every block.</param>
    /// <param name="warn">Called with a sentence when a block was found damaged and is computed again.</param>
    /// <exception cref="StoreException">The folder cannot be written; what is finished stays.</exception>
    public static StageResult Run(IReadOnlyList<VisionLanguageModel> models, Checkpoint checkpoint, Dataset dataset, string runFolder,
        TraceOptions? options = null, Action<StageProgress>? progress = null, Action<string>? warn = null) =>
        Run(models, checkpoint, dataset, runFolder, options ?? new(), progress, warn, null);

    /// <summary>The same with one copy.</summary>
    public static StageResult Run(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, string runFolder, TraceOptions? options = null,
        Action<StageProgress>? progress = null, Action<string>? warn = null) => Run([model], checkpoint, dataset, runFolder, options, progress, warn);

    internal static StageResult Run(IReadOnlyList<VisionLanguageModel> models, Checkpoint checkpoint, Dataset dataset, string runFolder, TraceOptions options,
        Action<StageProgress>? progress, Action<string>? warn, Func<string, Stream>? create)
    {
        options.Check();
        var model = models[0];
        var words = new AnswerWords(model.Processor.Tokenizer, model.VocabularySize);
        var truths = new TruthTokens(words, dataset.Aliases);
        var images = dataset.ImageHashes();
        var key = TraceKey.Of(model, checkpoint, dataset, images, truths, options, new FileHashes());
        var work = WorkOrder.Of(dataset.Questions, options.BlockSize, model.Processor.ImageProcessor);
        var store = BlockStore.Create(runFolder, key, work.Questions.Count, options.BlockSize, create, work.Starts);
        store.WriteCompanion(ImageList.Name, ImageList.Serialize(images));
        PhaseClock[] clocks = [.. models.Select(_ => new PhaseClock())];
        TracePass[] passes = [.. models.Select((own, i) => new TracePass(own, options, words, truths, clocks[i]))];

        // With one worker the next block's images are prepared while the model is at this one; several keep all cores busy without.
        (int Block, Task<PreparedBlock> Task)? next = null;
        PreparedBlock Prepare(int block, int worker) =>
            PreparedBlock.Make(models[worker], [.. work.Questions.Skip(store.FirstOf(block)).Take(store.CountOf(block))], dataset.Exif);
        PreparedBlock PrepareAhead(int block)
        {
            var prepared = next is { } ready && ready.Block == block ? ready.Task.GetAwaiter().GetResult() : Prepare(block, 0);
            int end = options.Shard.BlocksOf(store.Manifest.Blocks).End.Value,
                following = Enumerable.Range(block + 1, Math.Max(0, end - block - 1)).FirstOrDefault(b => !store.Exists(b), -1);
            next = following < 0 ? null : (following, Task.Run(() => Prepare(following, 0)));
            return prepared;
        }

        var summary = new StageRun(store, options.Shard, progress, warn, create).Run(models.Count, (block, worker) =>
        {
            var prepared = models.Count == 1 ? PrepareAhead(block) : Prepare(block, worker);
            var before = PassCounts.Of(models[worker].Passes);
            var (records, arrays) = passes[worker].Run(prepared);
            store.Write(block, records, arrays, PassCounts.Of(models[worker].Passes) - before);
        });
        var result = new StageResult(store.Folder, key.Hash, key.Facts, summary, PhaseClock.Sum(clocks));
        RunFile.Update(runFolder, "trace", result);
        if (dataset.Images is { } counts) RunFile.Update(runFolder, "pictures", counts);
        return result;
    }
}

/// <summary>Everything that a trace depends on.</summary>
static class TraceKey
{
    public static RunKey Of(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset, SortedDictionary<string, string> images, TruthTokens truths,
        TraceOptions options, FileHashes hashes) => new("trace",
    [
        .. SubjectFacts.Of(model, checkpoint, dataset, images, hashes),
        .. options.Facts(),
        new("trace.order", WorkOrder.RuleOf(model.Processor.ImageProcessor)),
        new("trace.prefixes", SharedImages.PrefixesOf(model, options.PrefixSharing)),
        new("data.truths", Sha256Hex.Of(string.Join('\n', dataset.Questions.Select(truths.About)))),
    ]);
}

/// <summary>Sums the seconds of a pass by phase.</summary>
sealed class PhaseClock : IDisposable
{
    readonly Stopwatch clock = new();
    string phase = "";

    public SortedDictionary<string, double> Seconds { get; } = new(StringComparer.Ordinal);

    /// <summary>Of several workers: their seconds added up.</summary>
    public static SortedDictionary<string, double> Sum(IEnumerable<PhaseClock> clocks) =>
        new(clocks.SelectMany(clock => clock.Seconds).GroupBy(phase => phase.Key).ToDictionary(phase => phase.Key, phase => phase.Sum(p => p.Value)),
            StringComparer.Ordinal);

    /// <summary>Begins a phase; disposing the result ends whichever phase is then running.</summary>
    public PhaseClock Enter(string name)
    {
        phase = name;
        clock.Restart();
        return this;
    }

    public void Next(string name)
    {
        Dispose();
        Enter(name);
    }

    public void Dispose()
    {
        Seconds[phase] = Seconds.GetValueOrDefault(phase) + clock.Elapsed.TotalSeconds;
        clock.Reset();
    }
}
