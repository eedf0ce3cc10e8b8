using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Benchmarks;

/// <summary>Operators on tensors so small that the call is the cost.</summary>
[SimpleJob(RunStrategy.Throughput, warmupCount: 3, iterationCount: 8)]
public class OperatorCalls
{
    Tensor a = null!, b = null!;

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(1);
        a = ones(8);
        b = ones(8);
    }

    /// <summary>No kernel at all: boxing, dispatch and a new view.</summary>
    [Benchmark(Baseline = true)]
    public void View()
    {
        using var _ = a.view(2, 4);
    }

    [Benchmark]
    public void Add()
    {
        using var _ = a + b;
    }

    [Benchmark]
    public void AddInPlace() => a.add_(b);
}
