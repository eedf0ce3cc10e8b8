using System.Globalization;
using Vrp.Harness.Running;

namespace Vrp.Harness.Configuration;

/// <summary>What a number may be.</summary>
/// <param name="Least">The least; not itself where <paramref name="Above"/>.</param>
/// <param name="Most">The most.</param>
/// <param name="Whole">Whether it counts something.</param>
/// <param name="Above">Whether the least itself is refused.</param>
/// <param name="Below">Whether the most itself is refused.</param>
public sealed record Bound(double Least, double Most, bool Whole = true, bool Above = false, bool Below = false)
{
    /// <summary>Whether a number lies within.</summary>
    public bool Holds(double value) =>
        double.IsFinite(value) && (Above ? value > Least : value >= Least) && (Below ? value < Most : value <= Most) && (!Whole || value == Math.Floor(value));

    /// <summary>For a message: "a whole number, at least 1 and at most 4,096".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"a {(Whole ? "whole number" : "number")}, {(Above ? "above" : "at least")} {Least:#,0.####} and {(Below ? "below" : "at most")} {Most:#,0.####}");
}

/// <summary>The bounds of every number that a person sets, by its name in vrp.json; the option of that name (<c>--max-new-tokens</c>) has the same. They keep
/// what is asked within what a machine can hold: a number beyond them is a slip, and is refused before anything is loaded.</summary>
public static class Bounds
{
    static Bound Share => new(0, 1, Whole: false);

    static readonly Dictionary<string, Bound> all = new()
    {
        ["threads"] = new(1, Threads.Most),                                           // each is a copy of the model where blocks are computed side by side
        ["block"] = new(1, 4096),                                                        // the questions of one batch
        ["rows"] = new(1, 1 << 20),
        ["batch"] = new(1, 4096),
        ["k"] = new(0, 1000),
        ["samples"] = new(1, 1000),
        ["max_new_tokens"] = new(1, 16_384),
        ["temperature"] = new(0, 100, Whole: false, Above: true),
        ["top_p"] = new(0, 1, Whole: false, Above: true),
        ["top_k"] = new(0, 1 << 20),
        ["limit"] = new(1, 1_000_000_000),
        ["draws"] = new(100, 1_000_000),
        ["permutations"] = new(0, 100_000),
        ["level"] = new(0, 1, Whole: false, Above: true, Below: true),
        ["minimum_cell"] = new(1, 1_000_000),
        ["minimum_questions"] = new(1, 1_000_000_000),
        ["last_position_draws"] = new(0, 10_000),
        ["other_draws"] = new(0, 10_000),
        ["top_heads"] = new(1, 10_000),
        ["answers"] = new(0, 1000),
        ["correlation_margin"] = Share,
        ["auroc_margin"] = new(0, 0.5, Whole: false),
        ["accuracy_margin"] = Share,
        ["head_regression_margin"] = Share,
        ["probe_threshold"] = Share,
        ["bottleneck_loss"] = Share,
        ["sparse_share"] = Share,
        ["late_depth"] = Share,
        ["judgement_threshold"] = new(-1_000_000, 1_000_000, Whole: false),
        ["shards"] = new(1, 1_000_000),
    };

    /// <summary>The bounds of a setting; null where it has none.</summary>
    public static Bound? Of(string setting) => all.GetValueOrDefault(setting);
}
