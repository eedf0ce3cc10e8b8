namespace Vrp.Models.Checkpoints;

/// <summary>What is wrong with a sharded checkpoint.</summary>
public enum ShardIndexDefect
{
    /// <summary>The index is not JSON with a <c>weight_map</c> of strings, or holds a key twice.</summary>
    NotValid,

    /// <summary>A shard is named that is not there.</summary>
    MissingFile,

    /// <summary>A shard is named by a path that leaves the folder.</summary>
    OutsideFolder,

    /// <summary>The index places a tensor in a shard that does not hold it.</summary>
    TensorNotInShard,

    /// <summary>Two shards hold a tensor of one name.</summary>
    TensorInTwoShards,
}
