using System.Diagnostics;
using TorchSharp;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

/// <summary>Tensors are freed when their scope ends, not when the garbage collector finds time. Alone in the process while it runs: it measures the process's
/// memory.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class LeakTests
{
    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void Forward_TwoHundredTimes_LeavesNoTensorAliveAndMemoryFlat(string family)
    {
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 40, 30);
        var options = new ForwardOptions { Captures = [new("blocks.*", Positions.Last), new("vision.*")],
            Interventions = [Intervention.Parse("blocks.1.mlp.out:0-3=0@last")] };
        using var states = zeros(2, 40, model.HiddenSize);
        void Once()
        {
            using var scope = NewDisposeScope();
            model.Forward(inputs);
            var traced = model.Forward(inputs, options);
            model.LogitLens(traced.Trace);
            for (var layer = 0; layer <= model.Layers; layer++) model.ForwardFrom(layer, states, inputs);
            model.Generate(inputs, new GenerationOptions { MaxNewTokens = 3, Sampling = new Sampling(), Samples = 2, KeepLogits = 1 }, options);
        }

        for (var i = 0; i < 20; i++) Once();                                            // allocators and caches settle
        long tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount, memory = Resident();
        for (var i = 0; i < 200; i++) Once();

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(tensors);
        (Resident() - memory).Should().BeLessThan(64 << 20, "200 forwards of unfreed activations would be several times as much");
    }

    [Theory, MemberData(nameof(SmallModel.Families), MemberType = typeof(SmallModel))]
    public void Forward_WithoutAScope_LeavesOnlyItsResult(string family)
    {
        using var model = SmallModel.Create(family);
        using var inputs = SmallModel.Inputs(model, 9, 6);
        using var states = zeros(2, 9, model.HiddenSize);
        var tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var result = model.Forward(inputs, new ForwardOptions { Captures = [new("*")] }))
            DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(tensors + 1 + result.Trace.Count);
        model.ForwardFrom(model.Layers, states, inputs).Dispose();
        model.ForwardFrom(0, states, inputs).Dispose();
        model.Generate(inputs, new GenerationOptions { MaxNewTokens = 3 }).Dispose();

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(tensors);
    }

    [Fact]
    public void Forward_Failing_LeavesNoTensorAlive()
    {
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8);
        var tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var fail = () => model.Forward(inputs, new ForwardOptions { Captures = [new("*")], Interventions = [Intervention.Parse("logits:999999=0")] });
        fail.Should().Throw<HookException>();

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(tensors);
    }

    [Fact]
    public void Dispose_Model_FreesItsWeights()
    {
        var tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var model = VisionLanguageModel.Load(Goldens.At("models", Goldens.Folders("models").First())))
            DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().BeGreaterThan(tensors);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(tensors);
    }

    static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
