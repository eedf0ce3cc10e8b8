using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Torch.Tests.Memory;

public class DisposeScopeTests
{
    static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void Scope_DisposesWhatWasMadeInIt()
    {
        long before = Live;
        Tensor x;
        using (var scope = NewDisposeScope())
        {
            x = ones(2) + ones(2);
            scope.DisposablesCount.Should().Be(3);
            Live.Should().Be(before + 3);
        }

        x.IsInvalid.Should().BeTrue();
        Live.Should().Be(before);
    }

    [Fact]
    public void MoveToOuter_KeepsATensorForTheScopeAround()
    {
        long before = Live;
        using (NewDisposeScope())
        {
            Tensor kept;
            using (NewDisposeScope())
            {
                kept = ones(2);
                kept.add(1);
                kept.MoveToOuterDisposeScope().Should().BeSameAs(kept);
            }
            kept.IsInvalid.Should().BeFalse();
            Live.Should().Be(before + 1);
        }
        Live.Should().Be(before);
    }

    [Fact]
    public void MoveToOuter_OfTheOutermostScope_Detaches()
    {
        long before = Live;
        Tensor kept;
        using (NewDisposeScope()) kept = ones(2).MoveToOuterDisposeScope();

        kept.IsInvalid.Should().BeFalse();
        kept.Dispose();
        Live.Should().Be(before);
    }

    [Fact]
    public void Detach_TakesATensorOutOfAllScopes()
    {
        Tensor kept;
        using (var scope = NewDisposeScope())
        {
            kept = ones(2).DetachFromDisposeScope();
            scope.Contains(kept).Should().BeFalse();
        }
        kept.ToString().Should().StartWith("[2]");
        kept.Dispose();
    }

    [Fact]
    public void Attach_MovesATensorMadeOutside()
    {
        var x = ones(2);
        using (var scope = NewDisposeScope())
        {
            scope.Attach(x);
            scope.Contains(x).Should().BeTrue();
        }
        x.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void DisposeEverythingBut_KeepsOne()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(1), b = ones(1);

        scope.DisposeEverythingBut(b).Should().BeSameAs(b);

        a.IsInvalid.Should().BeTrue();
        b.IsInvalid.Should().BeFalse();
    }

    [Fact]
    public void InPlace_ReturnsTheSameObject()
    {
        using var x = ones(2);

        x.add_(1).mul_(2).fill_(3).zero_().Should().BeSameAs(x);
    }

    [Fact]
    public void Dispose_OfOneView_LeavesTheOther()
    {
        var x = arange(4);
        var y = x.reshape(2, 2);
        x.Dispose();

        y.data<long>().ToArray().Should().Equal(0, 1, 2, 3);
        y.Dispose();
        y.Dispose();
    }

    [Fact]
    public void Parameter_TakesTheDatasPlace()
    {
        long before = Live;
        using (NewDisposeScope())
        {
            var data = ones(2);
            var parameter = nn.Parameter(data);

            data.IsInvalid.Should().BeTrue();
            parameter.requires_grad.Should().BeTrue();
            parameter.is_leaf.Should().BeTrue();
        }
        Live.Should().Be(before);
    }

    [Fact]
    public void ManyForwards_LeaveNoTensorAlive_AndMemoryFlat()
    {
        using var outer = NewDisposeScope();
        var x = rand(16, 64);
        var w = rand(256, 64);
        void Forward()
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var h = nn.functional.silu(nn.functional.linear(x, w));
            var (values, _) = h.topk(3);
            h[TensorIndex.Ellipsis, TensorIndex.Slice(0, 8)].softmax(-1).matmul(rand(8, 128 * 128));
            values.sum().ToSingle();
            h.split(64, 1).Select(p => p.mean()).ToList();
        }
        for (int i = 0; i < 20; i++) Forward();
        long live = Live, total = Tensor.TotalCount, rss = Environment.WorkingSet;

        for (int i = 0; i < 200; i++) Forward();

        Live.Should().Be(live);
        // One forward makes 1.6 MB, so 200 that leak would take 320 MB; other tests run in the same process meanwhile.
        (Environment.WorkingSet - rss).Should().BeLessThan(150L << 20);
    }

    [Fact]
    public void ManyTrainingSteps_LeaveNoTensorAlive()
    {
        using var outer = NewDisposeScope();
        var w = nn.Parameter(rand(4, 4));
        using var optimizer = optim.AdamW([w]);
        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            w.matmul(w).square().mean().backward();
            nn.utils.clip_grad_norm_([w], 1);
            optimizer.step();
        }
        for (int i = 0; i < 3; i++) Step();
        long live = Live;

        for (int i = 0; i < 100; i++) Step();

        Live.Should().Be(live);
    }

    [Fact]
    public void Finalizer_FreesWhatWasForgotten()
    {
        long before = Tensor.TotalCount;
        void Forget()
        {
            for (int i = 0; i < 2000; i++) ones(10);
        }
        Forget();
        for (int i = 0; i < 20 && Tensor.TotalCount > before + 1000; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Tensor.TotalCount.Should().BeLessThan(before + 1000, "2000 tensors were left to the finalizer");
    }

    [Fact]
    public void FromArray_KeepsTheArrayAlive_UntilTheStorageDies()
    {
        static (Tensor, WeakReference) Share()
        {
            var array = new float[1000];
            array[7] = 42;
            return (from_array(array), new WeakReference(array));
        }
        var (x, alive) = Share();
        var view = x[7];
        x.Dispose();
        GC.Collect();

        alive.IsAlive.Should().BeTrue();
        view.ToSingle().Should().Be(42);
        view.Dispose();
        for (int i = 0; i < 10 && alive.IsAlive; i++) GC.Collect();
        alive.IsAlive.Should().BeFalse();
    }
}
