using Vrp.Builder.World;

namespace Vrp.Builder.Tests;

public class SplitMix64Tests
{
    [Fact]
    public void Next_PublishedSeeds_GivesPublishedNumbers()
    {
        // Vigna's splitmix64.c with x = 1234567.
        var random = new SplitMix64(1234567);
        new[] { random.Next(), random.Next(), random.Next(), random.Next(), random.Next() }.Should().Equal(
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821);
        new SplitMix64(0).Next().Should().Be(0xE220A8397B1DCDAF);
    }

    [Fact]
    public void Stream_SameSeedOtherStream_GivesOtherNumbers()
    {
        var first = Enumerable.Range(0, 100).Select(i => SplitMix64.Stream(7, (ulong)i).Next());
        first.Should().OnlyHaveUniqueItems();
        SplitMix64.Stream(7, 3).Next().Should().Be(SplitMix64.Stream(7, 3).Next());
    }

    [Fact]
    public void Weighted_ManyDraws_FollowTheWeights()
    {
        var random = new SplitMix64(1);
        var counts = new int[4];
        for (var i = 0; i < 40_000; i++) counts[random.Weighted([0, 1, 2, 5])]++;
        counts[0].Should().Be(0);
        // Five standard deviations of a binomial at n = 40,000.
        for (var k = 1; k < 4; k++)
        {
            var p = new[] { 0, 1, 2, 5 }[k] / 8.0;
            counts[k].Should().BeCloseTo((int)(40_000 * p), (uint)(5 * Math.Sqrt(40_000 * p * (1 - p))));
        }
    }

    [Fact]
    public void Shuffle_AllOrdersOfThree_AreEquallyLikely()
    {
        var random = new SplitMix64(2);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 6000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle(items);
            counts[new string(items)] = counts.GetValueOrDefault(new string(items)) + 1;
        }
        counts.Should().HaveCount(6);
        counts.Values.Should().OnlyContain(c => Math.Abs(c - 1000) < 150);      // five standard deviations
    }
}
