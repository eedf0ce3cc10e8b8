using Vrp.Models;

namespace Vrp.Harness.Storage;

/// <summary>A store of results that cannot be written, read or put together. What was finished before stays usable.</summary>
public class StoreException(string message, Exception? inner = null) : VrpException(message, inner);

/// <summary>Two shards hold the same block.</summary>
public sealed class DuplicateShardException(string message) : StoreException(message);

/// <summary>A shard that was made under another key than the others: of another model, data set, setting or machine.</summary>
public sealed class ForeignShardException(string message) : StoreException(message);

/// <summary>Blocks that no shard holds.</summary>
public sealed class MissingShardException(string message) : StoreException(message);
