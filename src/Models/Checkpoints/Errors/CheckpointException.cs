namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint that cannot be used as it is: base of the errors of this folder. <see cref="Path"/> is the file or folder at fault.</summary>
public class CheckpointException(string path, string message, Exception? inner = null) : VrpException(message, inner)
{
    public string Path { get; } = path;
}
