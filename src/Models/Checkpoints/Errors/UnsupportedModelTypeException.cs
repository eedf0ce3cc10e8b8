namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint of another family than those implemented here.</summary>
public sealed class UnsupportedModelTypeException(string path, string modelType, IReadOnlyList<string> supported) : CheckpointException(path,
    $"{path}: model_type '{Display.Name(modelType)}' is not supported; supported are {string.Join(", ", supported)}. "
    + "Use a checkpoint of one of these families.")
{
    public string ModelType { get; } = modelType;

    public IReadOnlyList<string> Supported { get; } = supported;
}
