using System.Globalization;

namespace Vrp.Harness.Snapshots;

/// <summary>How far a figure may move, and the rule that says so.</summary>
/// <param name="Value">In the figure's unit.</param>
/// <param name="Rule">For the failure text.</param>
readonly record struct Allowance(double Value, string Rule)
{
    public static Allowance OfFloor(double floor, string family, string profile) => new(floor, $"noise floor of {family}, {profile}");

    public static Allowance OfShare(double share, double half) =>
        new(share * half, string.Create(CultureInfo.InvariantCulture, $"{share:0.##%} of its half-width {SnapshotNumber.Text(half)}"));

    /// <summary>Two numbers that only round differently are the same.</summary>
    public static Allowance OfDigits(double was, double now) => new(SnapshotNumber.Unit(was, now), "the sixth digit");

    public static Allowance Larger(Allowance one, Allowance other) => other.Value > one.Value ? other : one;
}
