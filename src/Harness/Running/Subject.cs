using Vrp.Models;
using Vrp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Harness.Running;

/// <summary>A model under test, loaded and ready to run: one copy that uses all threads, or of a small model on the CPU one copy per thread. A product of small
/// matrices does not gain from a second thread, it waits for it; two blocks side by side, one thread each, take half of the time, and their last bits do not
/// depend on how many cores the machine has.</summary>
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

    /// <summary>From names, as options and vrp.json have them. Values are checked before the weights are read.</summary>
    /// <param name="checkpoint">A folder, or <c>org/name[@revision]</c> from the hub's local cache.</param>
    /// <param name="device">cpu or cuda[:N].</param>
    /// <param name="dtype">float32, bfloat16, float16, or null for the device's default.</param>
    /// <param name="threads">CPU threads in all; null: <c>VRP_THREADS</c>, else all cores.</param>
    /// <param name="warn">Receives a warning where the checkpoint's chat template is not the one that is used.</param>
    /// <exception cref="VrpException">A name that means nothing, a GPU that is not there, a checkpoint that cannot be used.</exception>
    public static Subject Load(string checkpoint, string device, string? dtype, int? threads, Action<string>? warn = null)
    {
        var (where, type, count) = (ComputePlace.Device(device), ComputePlace.Dtype(dtype), Threads.Count(threads));
        return Load(Open(checkpoint, warn), type, where, count);
    }

    /// <summary>A model under test as far as its files say, to tell what a run will need: no weights are read, and the device need not be there.</summary>
    /// <inheritdoc cref="Load(string, string, string?, int?, Action{string}?)"/>
    public static (OpenedModel Model, ScalarType Dtype) Plan(string checkpoint, string device, string? dtype, Action<string>? warn = null)
    {
        var model = OpenedModel.Of(Open(checkpoint, warn));
        return (model, ComputePlace.Planned(model, device, dtype));
    }

    internal static Checkpoint Open(string checkpoint, Action<string>? warn)
    {
        var opened = Checkpoint.Open(checkpoint);
        if (opened.Family.Chat.CheckTemplate(opened.ReadText) is { } warning) warn?.Invoke($"{opened.Name}: {warning}");
        return opened;
    }

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
