using System.Diagnostics;
using Vrp.Models;

namespace Vrp.Harness.Intervening;

/// <summary>What arms cost, by kind: seconds, and positions × blocks of the language model per arm and question.</summary>
sealed class ArmCosts(VisionLanguageModel model)
{
    readonly VisionLanguageModel counted = model;

    /// <summary>Reading the prompts unchanged, with the greedy answers apart.</summary>
    public const string Prefill = "reading";

    /// <summary>What all are a share of: the prompts read unchanged, each in full by itself. Positions × blocks, and prompts.</summary>
    (long BlockPositions, long Prompts) unshared;

    readonly SortedDictionary<string, (double Seconds, long BlockPositions, long Arms)> kinds = new(StringComparer.Ordinal);

    public T Of<T>(string kind, int arms, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var (before, whole) = (counted.Passes.BlockPositions, counted.Passes.UnsharedPositions);
        var result = work();
        var (seconds, positions, count) = kinds.GetValueOrDefault(kind);
        kinds[kind] = (seconds + clock.Elapsed.TotalSeconds, positions + counted.Passes.BlockPositions - before, count + arms);
        if (kind == Prefill) unshared = (unshared.BlockPositions + (counted.Passes.UnsharedPositions - whole) * counted.Layers, unshared.Prompts + arms);
        return result;
    }

    public void Of(string kind, int arms, Action work) => Of(kind, arms, () =>
    {
        work();
        return true;
    });

    /// <summary>Of several workers: everything added up.</summary>
    public static ArmCosts Sum(IReadOnlyList<ArmCosts> workers)
    {
        var sum = new ArmCosts(workers[0].counted);
        foreach (var (name, kind) in workers.SelectMany(worker => worker.kinds))
        {
            var (seconds, positions, arms) = sum.kinds.GetValueOrDefault(name);
            sum.kinds[name] = (seconds + kind.Seconds, positions + kind.BlockPositions, arms + kind.Arms);
        }
        foreach (var (positions, prompts) in workers.Select(worker => worker.unshared))
            sum.unshared = (sum.unshared.BlockPositions + positions, sum.unshared.Prompts + prompts);
        return sum;
    }

    public SortedDictionary<string, double> Seconds => new(kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Seconds), StringComparer.Ordinal);

    /// <summary>Cost of one arm of one question, as a share of reading its prompt in full.</summary>
    public SortedDictionary<string, double> OverPrefill => new(unshared.BlockPositions == 0 ? new Dictionary<string, double>()
        : kinds.ToDictionary(kind => kind.Key, kind => Math.Round(kind.Value.BlockPositions / (double)Math.Max(1, kind.Value.Arms) / Each, 6)),
            StringComparer.Ordinal);

    /// <summary>What all arms of a question cost, in prompts read in full; null where nothing was computed.</summary>
    public double? PrefillsPerQuestion =>
        unshared.BlockPositions == 0 ? null : Math.Round(kinds.Values.Sum(kind => kind.BlockPositions) / Each / unshared.Prompts, 3);

    double Each => unshared.BlockPositions / (double)unshared.Prompts;
}
