using System.Text.Json;

namespace Vrp.Harness.Running;

/// <summary>status.json beside a store: how far the run is, for those who watch it from outside. Replaced whole, after every block.</summary>
sealed class StatusFile(string folder, string stage, Shard shard, int samples, Func<string, Stream>? create)
{
    readonly DateTime started = DateTime.UtcNow;
    readonly System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();

    string PathOf => Path.Combine(folder, shard.Count == 1 ? "status.json" : $"status-{shard.Index}-of-{shard.Count}.json");

    sealed record Status(string Stage, string Shard, string State, int Done, int Samples, double? SamplesPerSecond, double? SecondsLeft, DateTime Started,
        DateTime Updated, string? Message);

    /// <param name="done">Samples finished in all.</param>
    /// <param name="now">Of them, finished by this run: what the rate is made of.</param>
    /// <param name="state">running, done or failed.</param>
    /// <param name="message">Of a failure.</param>
    public void Write(int done, int now, string state, string? message = null)
    {
        double rate = now / Math.Max(clock.Elapsed.TotalSeconds, 1e-9);
        var status = new Status(stage, shard.ToString(), state, done, samples, now > 0 ? Math.Round(rate, 3) : null,
            now > 0 ? Math.Round((samples - done) / rate, 1) : null, started, DateTime.UtcNow, message);
        AtomicFile.Write(PathOf, stream => JsonSerializer.Serialize(stream, status, Json.Indented), create);
    }
}
