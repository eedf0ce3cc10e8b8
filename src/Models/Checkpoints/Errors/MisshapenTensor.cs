namespace Vrp.Models.Checkpoints;

/// <summary>A tensor whose shape is not the one that config.json implies.</summary>
public sealed record MisshapenTensor(string Name, long[] Expected, long[] Found);
