namespace Vrp.Models.Checkpoints;

/// <summary>A sharded checkpoint whose index and files disagree. <see cref="CheckpointException.Path"/> is the index.</summary>
public sealed class ShardIndexException(string path, ShardIndexDefect defect, string what, string next, Exception? inner = null)
    : CheckpointException(path, $"{path}: {what}. {next}", inner)
{
    public ShardIndexDefect Defect { get; } = defect;
}
