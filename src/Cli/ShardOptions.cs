using System.CommandLine;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;

namespace Vrp.Cli;

/// <summary>The part of a stage that a job does.</summary>
sealed class ShardOptions
{
    readonly Option<string?> shard = new("--shard")
    {
        Description = "Do part i of n only, written i/n, or auto: as the array job of Slurm, Kubernetes, AWS Batch or Google Batch says. `vrp merge` puts the "
            + "parts together.",
    };

    readonly Option<int?> shards = new("--shards") { Description = "With --shard auto: n, where the scheduler does not say it (Kubernetes). Default: "
        + $"{ShardEnvironment.CountVariable}." };

    /// <summary>For the command.</summary>
    public Option[] All => [shard, shards];

    /// <summary>What was asked for.</summary>
    public Shard Read(ParseResult r) => ShardEnvironment.Read(r.GetValue(shard), r.GetValue(shards));
}
