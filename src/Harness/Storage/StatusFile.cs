using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>status.json beside a store: how far the run is, for programs that watch it. Replaced whole, after every block.</summary>
sealed class StatusFile(string folder, string stage, Shard shard, int questions, Func<string, Stream>? create)
{
    /// <summary>The state of a run that a signal ended; no other follows it.</summary>
    public const string Interrupted = "interrupted";

    readonly DateTime started = DateTime.UtcNow;
    readonly System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();

    /// <summary>What was written last.</summary>
    public string? State { get; private set; }

    string PathOf => Path.Combine(folder, NameOf(shard));

    /// <summary>Name of a shard's file.</summary>
    public static string NameOf(Shard shard) => shard.Count == 1 ? "status.json" : $"status-{shard.Index}-of-{shard.Count}.json";

    /// <summary>The shards that left their status in a store's folder.</summary>
    public static IEnumerable<Shard> ShardsOf(string folder) =>
        Directory.GetFiles(folder, "status-*-of-*.json").Select(path => Path.GetFileNameWithoutExtension(path).Split('-'))
        .Where(parts => parts.Length == 4).Select(parts => Shard.TryParse($"{parts[1]}/{parts[3]}")).OfType<Shard>();

    sealed record Status(string Stage, string Shard, string State, int Done, int Samples, double? SamplesPerSecond, double? SecondsLeft, DateTime Started,
        DateTime Updated, string? Message);

    /// <param name="done">Questions finished in all.</param>
    /// <param name="now">Of them, finished by this run: what the rate is made of.</param>
    /// <param name="state">running, done, interrupted or failed.</param>
    /// <param name="message">Of a failure or an interruption.</param>
    public void Write(int done, int now, string state, string? message = null)
    {
        var rate = now / Math.Max(clock.Elapsed.TotalSeconds, 1e-9);
        var status = new Status(stage, shard.ToString(), state, done, questions, now > 0 ? Math.Round(rate, 3) : null,
            now > 0 ? Math.Round((questions - done) / rate, 1) : null, started, DateTime.UtcNow, message);
        // The process ends then: a block that is finished a moment later must not say "running" for ever.
        if (State == Interrupted) return;
        State = state;
        AtomicFile.Write(PathOf, stream => JsonSerializer.Serialize(stream, status, Json.Indented), create);
    }
}
