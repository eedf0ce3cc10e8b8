using System.Diagnostics;
using System.Globalization;
using Vrp.Harness.Storage;
using Vrp.Models.Storage;

namespace Vrp.Harness.Running;

/// <summary>Runs the blocks of one shard that are not in the store yet. What is there and whole is never computed again; what is damaged is, with a
/// message.</summary>
sealed class StageRun(BlockStore store, Shard shard, Action<StageProgress>? progress, Action<string>? warn, Func<string, Stream>? create = null)
{
    /// <summary>Lock file of a shard, so that two runs cannot write the same blocks.</summary>
    string LockPath => Path.Combine(store.Folder, $".lock-{shard.Index}-of-{shard.Count}");

    /// <param name="compute">Computes one block and writes it to the store.</param>
    /// <returns>What the whole shard cost, blocks of earlier runs included.</returns>
    public StageSummary Run(Action<int> compute) => Run(1, (block, _) => compute(block));

    /// <summary>The same with several workers, each at a block of its own. A block's bytes do not depend on which worker computes it, nor when.</summary>
    /// <param name="workers">How many; 1 computes on the calling thread.</param>
    /// <param name="compute">Computes a block (first argument) as worker 0, 1, … (second) and writes it to the store.</param>
    public StageSummary Run(int workers, Action<int, int> compute)
    {
        var (first, end) = (shard.BlocksOf(store.Manifest.Blocks).Start.Value, shard.BlocksOf(store.Manifest.Blocks).End.Value);
        int[] blocks = [.. Enumerable.Range(first, end - first)];
        int questions = blocks.Sum(store.CountOf), done = 0, now = 0;
        using var held = Hold();
        store.RemoveLeftovers(blocks);
        var clock = Stopwatch.StartNew();
        var status = new StatusFile(store.Folder, store.Manifest.Stage, shard, questions, create);
        var missing = new List<int>();
        var (passes, bytes) = (PassCounts.Zero, 0L);
        foreach (var (block, (found, damage)) in blocks.Zip(store.TryReadAll(blocks)))
        {
            if (found is { } whole)
            {
                (passes, bytes, done) = (passes + whole.Passes, bytes + whole.Bytes, done + whole.Count);
                continue;
            }
            if (damage is not null) warn?.Invoke($"block {block} is done again: {damage}.");
            missing.Add(block);
        }
        var writing = new Lock();
        using var waitedFor = Interruption.Current.During(() => Drop(writing, status, () => (done, now)));
        try
        {
            status.Write(done, now, missing.Count == 0 ? "done" : "running");
            progress?.Invoke(new StageProgress(done, questions));
            Workers.ForEach(missing, workers, (block, worker) =>
            {
                Interruption.Current.ThrowIfRequested();
                compute(block, worker);
                var written = store.TryRead(block, out var damage)
                    ?? throw new StoreException($"Block {block} cannot be read back: {damage ?? "it is missing"}. The disk loses what is written to it; give "
                        + "another folder.");
                lock (writing)
                {
                    (passes, bytes, done, now) = (passes + written.Passes, bytes + written.Bytes, done + written.Count, now + written.Count);
                    status.Write(done, now, done == questions ? "done" : "running");
                    progress?.Invoke(new StageProgress(done, questions));
                }
            });
        }
        catch (OperationCanceledException e)
        {
            Report(status, done, now, StatusFile.Interrupted, e.Message);
            throw;
        }
        catch (Exception e)
        {
            Report(status, done, now, "failed", e.Message);
            throw;
        }
        return new StageSummary(questions, now, passes, bytes, clock.Elapsed.TotalSeconds);
    }

    /// <summary>On a full disk the status cannot be written either: the error that stopped the run is the one to show.</summary>
    static void Report(StatusFile status, int done, int now, string state, string message)
    {
        try
        {
            status.Write(done, now, state, message);
        }
        catch (FileException e)
        {
            Debug.WriteLine(e.Message);
        }
    }

    /// <summary>The process ends, with blocks in flight. A worker that hangs in the middle of writing its status cannot be waited for.</summary>
    static void Drop(Lock writing, StatusFile status, Func<(int Done, int Now)> at)
    {
        var (held, (done, now)) = (writing.TryEnter(TimeSpan.FromSeconds(1)), at());
        try
        {
            if (status.State == "running") Report(status, done, now, StatusFile.Interrupted, "the blocks in flight were dropped");
        }
        finally
        {
            if (held) writing.Exit();
        }
    }

    FileStream Hold()
    {
        try
        {
            return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{store.Folder} cannot be taken for shard {shard}: {e.Message} Another run may be writing it; wait for it, or give "
                + "another folder.", e);
        }
    }
}

/// <summary>A finished stage: where its results lie, what they depend on and what they cost. Its JSON is the stage's section of run.json.</summary>
/// <param name="Folder">The store.</param>
/// <param name="Key">SHA-256 of the facts.</param>
/// <param name="Facts">What the results depend on.</param>
/// <param name="Summary">What the shard cost.</param>
/// <param name="Seconds">Time of this run by phase.</param>
public sealed record StageResult(string Folder, string Key, IReadOnlyDictionary<string, string> Facts, StageSummary Summary,
    IReadOnlyDictionary<string, double> Seconds)
{
    /// <summary>Intervention stage: what one arm of one question costs, as a share of reading its prompt in full (positions × blocks of the language model), by
    /// kind of arm.</summary>
    public IReadOnlyDictionary<string, double>? ArmOverPrefill { get; init; }

    /// <summary>Intervention stage: what all arms of one question cost together, in the same unit.</summary>
    public double? PrefillsPerQuestion { get; init; }

    /// <summary>The trace stage's time as a multiple of what images, prompts and greedy answers alone took in it; null where nothing was computed by this
    /// run.</summary>
    public double? CostOverGreedy => Ratio(Seconds.Values.Sum());

    /// <summary>The same for the sampled answers alone.</summary>
    public double? SamplesOverGreedy => Ratio(Seconds.GetValueOrDefault("samples"));

    double? Ratio(double seconds)
    {
        var greedy = Seconds.GetValueOrDefault("images") + Seconds.GetValueOrDefault("prefill") + Seconds.GetValueOrDefault("greedy");
        return greedy > 0 ? Math.Round(seconds / greedy, 3) : null;
    }
}

/// <summary>How far a stage is.</summary>
/// <param name="Done">Questions finished, those of earlier runs included.</param>
/// <param name="Total">Questions of this shard.</param>
public readonly record struct StageProgress(int Done, int Total);

/// <summary>What a stage's shard cost.</summary>
/// <param name="Samples">Questions of the shard.</param>
/// <param name="Computed">Of them, computed by this run; the others were in the store.</param>
/// <param name="Passes">Of all questions of the shard.</param>
/// <param name="Bytes">Stored for all questions of the shard.</param>
/// <param name="Seconds">Time of this run.</param>
public sealed record StageSummary(int Samples, int Computed, PassCounts Passes, long Bytes, double Seconds)
{
    /// <summary>One line for the console.</summary>
    public override string ToString() => Samples == 0 ? "no questions" : string.Create(CultureInfo.InvariantCulture,
        $"{Samples} questions ({Computed} now, {Seconds:0.0} s); per question: {Per(Passes.Images):0.00} vision encodings, "
        + $"{Per(Passes.Prompts):0.00} prefills, {Positions}{Per(Passes.DecodedTokens):0.0} decoded tokens, {Per(Bytes) / 1024:0.0} KiB stored");

    /// <summary>Nothing where the counts are of an older store.</summary>
    string Positions => Passes.UnsharedPositions == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
        $"{Per(Passes.PromptPositions):0.0} prompt positions of {Per(Passes.UnsharedPositions):0.0} without sharing "
        + $"({Passes.PaddedPositions / (double)Passes.PromptPositions:0.0%} of them padding), ");

    double Per(long count) => count / (double)Samples;
}
