using System.Diagnostics;

namespace Vrp.Harness.Tracing;

/// <summary>Sums the seconds of a pass by phase.</summary>
sealed class PhaseClock : IDisposable
{
    readonly Stopwatch clock = new();
    string phase = "";

    public SortedDictionary<string, double> Seconds { get; } = new(StringComparer.Ordinal);

    /// <summary>Of several workers: their seconds added up.</summary>
    public static SortedDictionary<string, double> Sum(IEnumerable<PhaseClock> clocks) =>
        new(clocks.SelectMany(clock => clock.Seconds).GroupBy(phase => phase.Key).ToDictionary(phase => phase.Key, phase => phase.Sum(p => p.Value)),
            StringComparer.Ordinal);

    /// <summary>Begins a phase; disposing the result ends whichever phase is then running.</summary>
    public PhaseClock Enter(string name)
    {
        phase = name;
        clock.Restart();
        return this;
    }

    public void Next(string name)
    {
        Dispose();
        Enter(name);
    }

    public void Dispose()
    {
        Seconds[phase] = Seconds.GetValueOrDefault(phase) + clock.Elapsed.TotalSeconds;
        clock.Reset();
    }
}
