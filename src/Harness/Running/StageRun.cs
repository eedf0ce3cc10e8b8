using System.Diagnostics;
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
        int samples = blocks.Sum(store.CountOf), done = 0, now = 0;
        using var held = Hold();
        store.RemoveLeftovers(blocks);
        var clock = Stopwatch.StartNew();
        var status = new StatusFile(store.Folder, store.Manifest.Stage, shard, samples, create);
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
            progress?.Invoke(new StageProgress(done, samples));
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
                    status.Write(done, now, done == samples ? "done" : "running");
                    progress?.Invoke(new StageProgress(done, samples));
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
        return new StageSummary(samples, now, passes, bytes, clock.Elapsed.TotalSeconds);
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
