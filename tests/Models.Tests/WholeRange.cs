using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

[assembly: Properties(Arbitrary = [typeof(Vrp.Models.Tests.WholeRange)])]

namespace Vrp.Models.Tests;

/// <summary>Seeds of properties. FsCheck's own integers grow with the number of the test and stay within some hundred values, which is a few hundred cases for
/// ever; these are drawn from all of them.</summary>
public static class WholeRange
{
    /// <summary>For every property of this assembly that takes an int.</summary>
    public static Arbitrary<int> Int32() => Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary();
}

/// <summary>That properties draw from there.</summary>
public sealed class WholeRangeTests
{
    static readonly ConcurrentBag<int> drawn = [];

    [Property(MaxTest = 200)]
    public void Property_Seeds_AreDrawnFromTheWholeRange(int seed)
    {
        drawn.Add(seed);
        if (drawn.Count == 200) drawn.Count(one => Math.Abs((long)one) > 1_000_000).Should().BeGreaterThan(150);
    }
}
