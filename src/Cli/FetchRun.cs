using System.Globalization;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Cli;

/// <summary>A fetch with its progress on stderr.</summary>
static class FetchRun
{
    /// <summary>Files at once: enough to fill a line with 5 GB files, few enough for the hub's limits.</summary>
    public const int Parallel = 8;

    /// <returns>The plan that was carried out.</returns>
    public static async Task<FetchPlan> Checkpoint(HubFetch fetch, HubRepository repository, int parallel, TextWriter error, CancellationToken cancel) =>
        await Files(fetch, await fetch.Plan(repository, cancel), parallel, error, cancel);

    public static async Task<FetchPlan> Files(HubFetch fetch, FetchPlan plan, int parallel, TextWriter error, CancellationToken cancel)
    {
        if (plan.Missing.Count > 0)
            error.Say($"{plan.Repository.Name} at {plan.Commit}: {Size(plan.Bytes - plan.Present)} of {Size(plan.Bytes)} to fetch.");
        using var progress = new Progress(error, "fetched", plan.Bytes, plan.Present, bytes => Size(bytes));
        var drawing = new Lock();
        await fetch.Run(plan, parallel, done =>
        {
            lock (drawing) progress.Report(done);
        }, cancel);
        return plan;
    }

    /// <summary>As the hub's pages show sizes: in powers of 1000.</summary>
    public static string Size(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var unit = 0;
        for (; bytes >= 1000 && unit < units.Length - 1; unit++) bytes /= 1000;
        return bytes.ToString(unit < 3 ? "0" : "0.00", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
