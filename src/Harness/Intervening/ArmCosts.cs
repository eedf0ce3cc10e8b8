using System.Diagnostics;
using Vrp.Models;

namespace Vrp.Harness.Intervening;

/// <summary>What arms cost, by kind: seconds, and positions × blocks of the language model per arm and sample.</summary>
sealed class ArmCosts(VisionLanguageModel model)
{
    readonly VisionLanguageModel counted = model;

    /// <summary>The kind that all others are a share of: reading the prompt, unchanged, with the greedy answer apart.</summary>
    public const string Prefill = "prefill";

    readonly SortedDictionary<string, (double Seconds, long BlockPositions, long Arms)> kinds = new(StringComparer.Ordinal);

    public T Of<T>(string kind, int arms, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        long before = counted.Passes.BlockPositions;
        var result = work();
        var (seconds, positions, count) = kinds.GetValueOrDefault(kind);
        kinds[kind] = (seconds + clock.Elapsed.TotalSeconds, positions + counted.Passes.BlockPositions - before, count + arms);
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

        return sum;
    }

    public SortedDictionary<string, double> Seconds => new(kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Seconds), StringComparer.Ordinal);

    /// <summary>Cost of one arm of one sample over that of its prefill.</summary>
    public SortedDictionary<string, double> OverPrefill
    {
        get
        {
            double Each((double, long BlockPositions, long Arms) kind) => kind.BlockPositions / (double)Math.Max(1, kind.Arms);
            var shares = new SortedDictionary<string, double>(StringComparer.Ordinal);
            if (!kinds.TryGetValue(Prefill, out var prefill) || prefill.BlockPositions == 0) return shares;
            foreach (var (name, kind) in kinds)
                if (name != Prefill) shares.Add(name, Math.Round(Each(kind) / Each(prefill), 6));
            return shares;
        }
    }
}
