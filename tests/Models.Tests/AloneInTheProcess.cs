namespace Vrp.Models.Tests;

/// <summary>Tests that measure the process itself: no other test runs beside them.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
