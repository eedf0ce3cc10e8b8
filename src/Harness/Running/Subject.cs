using Vrp.Models;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Harness.Running;

/// <summary>A model under test, loaded and ready to run: one copy that uses all threads, or of a small model on the CPU one copy per thread. A product of small matrices
/// does not gain from a second thread, it waits for it; two blocks side by side, one thread each, take half of the time, and their last bits do not depend on how many
/// cores the machine has.</summary>
public sealed class Subject : IDisposable
{
    /// <summary>Most weights of a model that is copied.</summary>
    const long Small = 64_000_000;

    Subject(Checkpoint checkpoint, IReadOnlyList<VisionLanguageModel> models) => (Checkpoint, Models) = (checkpoint, models);

    /// <summary>Where it was loaded from.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The copies; all alike.</summary>
    public IReadOnlyList<VisionLanguageModel> Models { get; }

    /// <summary>The first copy.</summary>
    public VisionLanguageModel Model => Models[0];

    /// <param name="checkpoint">Opened.</param>
    /// <param name="dtype">To compute in; null: float32 on the CPU, the checkpoint's own on CUDA.</param>
    /// <param name="device">Where.</param>
    /// <param name="threads">CPU threads in all, at least 1.</param>
    public static Subject Load(Checkpoint checkpoint, ScalarType? dtype, Device device, int threads)
    {
        var weights = checkpoint.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        var copies = device.type == TorchSharp.DeviceType.CPU && weights <= Small ? threads : 1;
        set_num_threads(threads / copies);
        return new Subject(checkpoint, [.. Enumerable.Range(0, copies).Select(_ => VisionLanguageModel.Load(checkpoint, dtype, device))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in Models) model.Dispose();
    }
}
