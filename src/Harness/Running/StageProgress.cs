namespace Vrp.Harness.Running;

/// <summary>How far a stage is.</summary>
/// <param name="Done">Samples finished, those of earlier runs included.</param>
/// <param name="Total">Samples of this shard.</param>
public readonly record struct StageProgress(int Done, int Total);
