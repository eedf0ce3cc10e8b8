using System.CommandLine;
using Vrp.Harness.Configuration;
using Vrp.Harness.Snapshots;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Cli;

/// <summary><c>--fetch</c>: a checkpoint <c>org/name</c> that is not in the hub's cache is fetched first. Without it nothing leaves the machine.</summary>
static class FetchOption
{
    public static Option<bool> New() => new("--fetch") { Description = "Fetch a checkpoint org/name that is not in the hub's cache, as `vrp fetch` does." };

    /// <summary>The option asks everywhere; "fetch": true of vrp.json asks for people, not for CI, where 14 GB should be somebody's decision.</summary>
    public static bool IsAsked(bool option, VrpConfig config, bool? continuousIntegration = null) =>
        option || (config.Fetch && !(continuousIntegration ?? SnapshotOptions.InContinuousIntegration(Environment.GetEnvironmentVariable("CI"))));

    /// <summary>Fetches a checkpoint where that is asked for and it is not here.</summary>
    /// <param name="checkpoint">A folder, or <c>org/name[@revision]</c>.</param>
    /// <param name="asked">Whether it may be fetched.</param>
    /// <param name="error">For progress.</param>
    public static void Bring(string checkpoint, bool asked, TextWriter error)
    {
        if (!asked || Path.Exists(checkpoint) || !HubCache.TryParse(checkpoint, out _, out _)) return;
        var (settings, repository) = (HubSettings.FromEnvironment(), HubRepository.Parse(checkpoint));
        if (HubFetch.IsInCache(settings, repository)) return;
        using var fetch = new HubFetch(settings, text => error.Say(text));
        FetchRun.Checkpoint(fetch, repository, FetchRun.Parallel, error, CancellationToken.None).GetAwaiter().GetResult();
    }
}
