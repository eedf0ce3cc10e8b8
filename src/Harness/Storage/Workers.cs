using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Vrp.Harness.Storage;

/// <summary>A queue of work for a few threads. The first error stops all of them after what they are at, and is thrown to the caller.</summary>
static class Workers
{
    /// <summary>What <paramref name="work"/> makes of each item, in the items' order, with as many threads as the machine has cores.</summary>
    public static TResult[] Map<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> work)
    {
        var results = new TResult[items.Count];
        ForEach([.. Enumerable.Range(0, items.Count)], Environment.ProcessorCount, (i, _) => results[i] = work(items[i]));
        return results;
    }

    /// <param name="items">Begun in this order.</param>
    /// <param name="workers">Threads; with one, or one item, the calling thread does it all.</param>
    /// <param name="work">Called with an item and the worker's number.</param>
    public static void ForEach<T>(IReadOnlyList<T> items, int workers, Action<T, int> work)
    {
        workers = Math.Min(workers, items.Count);
        if (workers <= 1)
        {
            foreach (var item in items) work(item, 0);
            return;
        }

        var queue = new ConcurrentQueue<T>(items);
        ExceptionDispatchInfo? failure = null;
        void Work(int worker)
        {
            try
            {
                while (Volatile.Read(ref failure) is null && queue.TryDequeue(out var item)) work(item, worker);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
            }
        }

        // Threads of their own: libtorch keeps its settings by thread, and a pool's thread has those of earlier work.
        Thread[] threads = [.. Enumerable.Range(0, workers)
            .Select(worker => new Thread(() => Work(worker)) { IsBackground = true, Name = $"worker {worker}" })];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        failure?.Throw();
    }
}
