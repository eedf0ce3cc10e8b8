namespace Vrp.Harness.Running;

/// <summary>A shard that was made under another key than the others: of another model, data set, setting or machine.</summary>
public sealed class ForeignShardException(string message) : StoreException(message);
