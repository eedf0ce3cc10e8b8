namespace Vrp.Models.Checkpoints;

/// <summary>A quantised checkpoint: its tensors are packed integers, which this engine does not unpack.</summary>
public sealed class QuantisedCheckpointException(string path, string method) : CheckpointException(path,
    $"{path}: the checkpoint is quantised (quantization_config: {Display.Name(method)}); expected float16, bfloat16 or float32 weights. "
    + "Use the checkpoint it was made from.")
{
    public string Method { get; } = method;
}
