namespace Vrp.Torch.Tests;

/// <summary>Tests of what the whole process has one of: no other test runs beside them.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
