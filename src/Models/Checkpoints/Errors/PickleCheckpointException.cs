namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint that holds its weights as Python pickles alone, which run code when they are read.</summary>
public sealed class PickleCheckpointException(string path, string file) : CheckpointException(path,
    $"{path}: the weights are a Python pickle ({Display.Name(file)}); expected model.safetensors or model.safetensors.index.json. Convert it once:"
    + $"{Environment.NewLine}  python -c \"from transformers import AutoModelForImageTextToText as M; "
    + $"M.from_pretrained('{path}', torch_dtype='auto').save_pretrained('{path}', safe_serialization=True)\"")
{
    public string File { get; } = file;
}
