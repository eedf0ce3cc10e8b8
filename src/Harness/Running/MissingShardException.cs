namespace Vrp.Harness.Running;

/// <summary>Blocks that no shard holds.</summary>
public sealed class MissingShardException(string message) : StoreException(message);
