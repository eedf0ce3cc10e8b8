using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using static TorchSharp.torch;

namespace Vrp.Models;

/// <summary>A model as far as the small files of its checkpoint tell of it: everything but the values of its weights, which stay on disk. Enough to say what a
/// run will need, in a moment for a checkpoint of any size.</summary>
/// <param name="Checkpoint">Where the weights are.</param>
/// <param name="Config">Its config.json.</param>
/// <param name="Processor">Prompts and images to inputs.</param>
/// <param name="Tensors">Names and shapes of the weights, which the checkpoint was found to hold.</param>
public sealed record OpenedModel(Checkpoint Checkpoint, VisionLanguageConfig Config, Processor Processor, IReadOnlyDictionary<string, long[]> Tensors)
{
    /// <summary>Numbers in all weights.</summary>
    public long Parameters => Tensors.Values.Sum(shape => shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>Reads and checks the small files, in the order of how much a wrong one would cost.</summary>
    /// <exception cref="VrpException">It is no checkpoint that can be loaded.</exception>
    public static OpenedModel Of(Checkpoint checkpoint)
    {
        var config = VisionLanguageConfig.FromJson(checkpoint.Config, Path.Combine(checkpoint.Folder, Checkpoint.ConfigFile));
        var tensors = config.ExpectedTensors(checkpoint.Tensors.Count);
        checkpoint.CheckShapes(tensors);                                // before all else: sizes that the weights do not have are not to be computed with
        return new OpenedModel(checkpoint, config, Processor.Load(checkpoint, config), tensors);
    }

    /// <summary>What it is computed in where nobody says: float32 on the CPU, the checkpoint's own elsewhere.</summary>
    public ScalarType DefaultDtype(DeviceType device) => device == DeviceType.CPU ? ScalarType.Float32 : Checkpoint.Dtype;
}
