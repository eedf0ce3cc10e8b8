namespace Vrp.Models.Checkpoints;

/// <summary>No checkpoint where one was asked for: no such folder, no such snapshot in the hub's cache, or a folder without weights.</summary>
public sealed class CheckpointNotFoundException(string path, string message, Exception? inner = null) : CheckpointException(path, message, inner);
