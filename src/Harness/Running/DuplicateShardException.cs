namespace Vrp.Harness.Running;

/// <summary>Two shards hold the same block.</summary>
public sealed class DuplicateShardException(string message) : StoreException(message);
