using System.Collections.Concurrent;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Tests.Storage;

public sealed class WorkersTests : IDisposable
{
    readonly TemporaryFolder folder = new(), other = new();

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(100, 3)]
    [InlineData(5, 1)]
    public void ForEach_AnyNumber_DoesEachItemOnceWithAWorkerOfItsOwn(int items, int workers)
    {
        var done = new ConcurrentBag<int>();
        var busy = new int[workers];
        Workers.ForEach([.. Enumerable.Range(0, items)], workers, (item, worker) =>
        {
            Interlocked.Increment(ref busy[worker]).Should().Be(1, "a worker is at one item at a time");
            done.Add(item);
            Interlocked.Decrement(ref busy[worker]);
        });
        done.Order().Should().Equal(Enumerable.Range(0, items));
    }

    [Fact]
    public void ForEach_OneWorker_IsTheCallingThreadInOrder()
    {
        var (mine, order) = (Environment.CurrentManagedThreadId, new List<int>());
        Workers.ForEach([3, 1, 2], 1, (item, _) =>
        {
            Environment.CurrentManagedThreadId.Should().Be(mine);
            order.Add(item);
        });
        order.Should().Equal(3, 1, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ForEach_AnError_StopsTheOthersAndIsThrown(int workers)
    {
        var begun = 0;
        var act = () => Workers.ForEach([.. Enumerable.Range(0, 10_000)], workers, (item, _) =>
        {
            Interlocked.Increment(ref begun);
            if (item == 5) throw new StoreException("item 5");
            Thread.Sleep(1);
        });
        act.Should().Throw<StoreException>().WithMessage("item 5").Which.StackTrace.Should().Contain(nameof(ForEach_AnError_StopsTheOthersAndIsThrown),
            "it is the worker's own error");
        begun.Should().BeLessThan(5_000);
    }

    [Fact]
    public void StageRun_SeveralWorkers_LeavesTheSameBytesAndCounts()
    {
        var one = new StageRun(StoreFiles.Create(folder.Path), Shard.Whole, null, null).Run(block => StoreFiles.Write(StoreFiles.Create(folder.Path), block));
        var progress = new List<int>();
        var store = StoreFiles.Create(other.Path);
        var many = new StageRun(store, Shard.Whole, at => progress.Add(at.Done), null).Run(4, (block, _) => StoreFiles.Write(store, block));
        StoreFiles.Content(other.Path).Should().Equal(StoreFiles.Content(folder.Path));
        (many.Samples, many.Computed, many.Passes, many.Bytes).Should().Be((one.Samples, one.Computed, one.Passes, one.Bytes));
        progress.Should().BeInAscendingOrder().And.EndWith(StoreFiles.Samples);
    }

    [Fact]
    public void StageRun_AWorkersError_IsThrownAndTheNextRunDoesTheRest()
    {
        var store = StoreFiles.Create(folder.Path);
        var act = () => new StageRun(store, Shard.Whole, null, null).Run(2, (block, _) =>
        {
            if (block == 3) throw new InvalidOperationException("block 3");
            StoreFiles.Write(store, block);
        });
        act.Should().Throw<InvalidOperationException>().WithMessage("block 3");

        var again = new ConcurrentBag<int>();
        var before = Enumerable.Range(0, store.Manifest.Blocks).Where(block => store.TryRead(block, out _) is not null).ToArray();
        new StageRun(store, Shard.Whole, null, null).Run(2, (block, _) =>
        {
            again.Add(block);
            StoreFiles.Write(store, block);
        });
        again.Should().Contain(3).And.NotIntersectWith(before);
        StoreFiles.Filled(other.Path, ..);
        StoreFiles.Content(folder.Path).Should().Equal(StoreFiles.Content(other.Path));
    }

    [Fact]
    public void Map_ManyItems_ResultsAreInTheirOrder()
    {
        Workers.Map<int, int>([], i => i).Should().BeEmpty();
        Workers.Map([.. Enumerable.Range(0, 500)], i => i * i).Should().Equal(Enumerable.Range(0, 500).Select(i => i * i));
        ((Action)(() => Workers.Map([1, 2, 3], i => i == 2 ? throw new InvalidOperationException("two") : i)))
            .Should().Throw<InvalidOperationException>().WithMessage("two");
    }
}
