namespace Vrp.Models.Checkpoints;

/// <summary>A safetensors file that breaks the format: nothing of it is used. <see cref="Tensor"/> is the tensor at fault, where there is one.</summary>
public sealed class SafetensorsException(string path, SafetensorsDefect defect, string? tensor, string what,
    string next = SafetensorsException.DownloadAgain, Exception? inner = null)
    : CheckpointException(path, $"{path}: {(tensor is null ? "" : $"tensor '{Display.Name(tensor)}': ")}{what}. {next}", inner)
{
    internal const string DownloadAgain = "The file is damaged or not a safetensors file; download it again.";

    public SafetensorsDefect Defect { get; } = defect;

    public string? Tensor { get; } = tensor;
}
