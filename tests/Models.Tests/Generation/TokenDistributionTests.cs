using System.Text.Json;
using FsCheck.Xunit;
using Vrp.Models.Generation;

namespace Vrp.Models.Tests.Generation;

public sealed class TokenDistributionTests
{
    public static IEnumerable<object[]> Filters() => JsonDocument.Parse(File.ReadAllText(Goldens.At("statistics", "sampling.json"))).RootElement
        .GetProperty("cases").GetProperty("filters").EnumerateArray().Select((_, i) => new object[] { i });

    [Theory, MemberData(nameof(Filters))]
    public void TokenDistribution_GoldenFilters_EqualsTransformers(int index)
    {
        var golden = JsonDocument.Parse(File.ReadAllText(Goldens.At("statistics", "sampling.json"))).RootElement.GetProperty("cases")
            .GetProperty("filters")[index];
        float[] logits = [.. golden.GetProperty("logits").EnumerateArray().Select(item => item.GetSingle())];
        double[] expected = [.. golden.GetProperty("probabilities").EnumerateArray().Select(item => item.GetDouble())];

        var distribution = new TokenDistribution(logits,
            new Sampling(golden.GetProperty("temperature").GetDouble(), golden.GetProperty("top_k").GetInt32(), golden.GetProperty("top_p").GetDouble()));

        var actual = distribution.ToArray();
        actual.Should().HaveCount(expected.Length);
        for (var i = 0; i < expected.Length; i++) actual[i].Should().BeApproximately(expected[i], 1e-6, "it is the probability of token {0}", i);
    }

    [Fact]
    public void Draw_UniformsInOrder_WalkTheTokensById()
    {
        var distribution = new TokenDistribution([MathF.Log(0.5f), float.MinValue / 2, MathF.Log(0.25f), MathF.Log(0.25f)], new Sampling());

        distribution.Draw(0).Should().Be(0);
        distribution.Draw(0.499).Should().Be(0);
        distribution.Draw(0.501).Should().Be(2);
        distribution.Draw(0.76).Should().Be(3);
        distribution.Draw(1 - 1e-16).Should().Be(3);
    }

    [Property(MaxTest = 50)]
    public void TokenDistribution_TopP_KeepsTheSmallestSetThatReachesP(int seed)
    {
        var random = new Random(seed);
        float[] logits = [.. Enumerable.Range(0, 400).Select(_ => (float)(random.NextDouble() * 8))];
        var p = 0.05 + 0.9 * random.NextDouble();

        var all = new TokenDistribution(logits, new Sampling()).ToArray();
        var kept = new TokenDistribution(logits, new Sampling(topP: p)).Ids;

        kept.Sum(id => all[id]).Should().BeGreaterThanOrEqualTo(p - 1e-9);
        (kept.Sum(id => all[id]) - kept.Min(id => all[id])).Should().BeLessThan(p + 1e-9, "without its least likely token the set falls short");
        kept.Min(id => all[id]).Should().BeGreaterThanOrEqualTo(Enumerable.Range(0, 400).Except(kept).Max(id => all[id]), "the kept are the most likely");
    }

    [Fact]
    public void TokenDistribution_NotFinite_Throws()
    {
        var make = () => new TokenDistribution([1, float.NaN], new Sampling());

        make.Should().Throw<VrpException>().WithMessage("*token 1*");
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(-1, 0, 1)]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 0, 1.1)]
    public void Sampling_OutOfRange_Throws(double temperature, int topK, double topP)
    {
        var make = () => new Sampling(temperature, topK, topP);

        make.Should().Throw<VrpException>();
    }
}
