using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Probes;

/// <summary>Bins and trees under noise of the last bits: what one processor's kernels give against another's. Measured between SSE and AVX-512 that is 1e-5 of
/// a feature's spread over questions, which for the features made up here is 1e-6 of their value; ten times that is tried too.</summary>
public class TreeBinsTests
{
    const int Rows = 1200, Features = 11, Count = 3, Share = 4;

    /// <summary>Eleven features as attention gives them: an offset larger than their spread, one that is another one's multiple, a long tail, counts, shares; a
    /// weak signal in two of them.</summary>
    static (float[] X, bool[] Labels) Attention(ulong seed)
    {
        var random = new Xoshiro256(seed);
        var (x, labels) = (new float[Rows * Features], new bool[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            var at = row * Features;
            for (var f = 0; f < Features; f++) x[at + f] = (float)(3 + 0.3 * random.NextGaussian());
            x[at + 1] = (float)(x[at] / Math.Log(64));
            x[at + 2] = (float)Math.Exp(random.NextGaussian());
            x[at + Count] = random.NextInt(4);
            x[at + Share] = random.NextInt(20) / 64f;
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-0.5 - 1.5 * (x[at] - 3) - (x[at + Count] > 2 ? 0.4 : 0)));
        }

        return (x, labels);
    }

    /// <summary>A relative error of every value, Gaussian; counts and shares of cells have none.</summary>
    static float[] WithNoise(float[] x, double relative, ulong seed)
    {
        var random = new Xoshiro256(seed);
        return [.. x.Select((value, i) => i % Features is Count or Share ? value : (float)(value * (1 + relative * random.NextGaussian())))];
    }

    static (ProbeResult Boosted, ProbeResult Forest) Fit(float[] x, bool[] labels)
    {
        var data = new ProbeData(new ArrayStates([x], Rows, Features), labels, Groups.From(Enumerable.Range(0, Rows).Select(row => row / 6)));
        var split = Split.Half(labels, data.Groups, 1);
        return (TreeProbe.Boosted(data, split), TreeProbe.Forest(data, split));
    }

    static double Moved(ProbeResult was, ProbeResult now) => Math.Abs(now.HeldOut.Auroc().Value - was.HeldOut.Auroc().Value);

    [Theory]
    [InlineData(1e-6, 5e-4)]
    [InlineData(1e-5, 2e-3)]
    public void Trees_NoiseOfKernels_MovesAurocsByLessThanATenthOfTheirHalfWidth(double noise, double most)
    {
        for (var seed = 0UL; seed < 8; seed++)
        {
            var (x, labels) = Attention(seed);
            var (was, now) = (Fit(x, labels), Fit(WithNoise(x, noise, 100 + seed), labels));
            (was.Boosted.HeldOut.Auroc().High - was.Boosted.HeldOut.Auroc().Low).Should().BeGreaterThan(20 * 2e-3,
                "a tenth of the half-width is what a snapshot allows");
            Moved(was.Boosted, now.Boosted).Should().BeLessThan(most, $"boosted trees, data {seed}");
            Moved(was.Forest, now.Forest).Should().BeLessThan(most, $"forest, data {seed}");
        }
    }

    [Fact]
    public void Trees_WeakSignal_IsFound() =>
        Fit(Attention(2).X, Attention(2).Labels).Boosted.HeldOut.Auroc().IsAbove(0.5).Should().BeTrue("what does not learn does not move either");

    [Fact]
    public void Places_NoiseInFitAndRow_MoveInProportion()
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            var (x, _) = Attention(seed);
            foreach (var noise in new[] { 1e-7, 1e-6 })
            {
                var other = WithNoise(x, noise, seed);
                var (was, now) = (TreeBins.Of(x, Features).Places(x), TreeBins.Of(other, Features).Places(other));
                // Ten spreads of offset, sixteen bins of which the narrowest is a twelfth of a spread wide, six standard deviations of noise.
                was.Zip(now, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan((float)(2e4 * noise));
            }
        }
    }

    [Fact]
    public void Places_RiseWithTheValue_AndFillTheBinsEvenly()
    {
        var random = new Xoshiro256(4);
        float[] x = [.. Enumerable.Range(0, 4000).Select(_ => (float)Math.Exp(3 * random.NextGaussian()))];
        var places = TreeBins.Of(x, 1).Places(x);
        places.Zip(x).OrderBy(pair => pair.Second).Select(pair => pair.First).Should().BeInAscendingOrder();
        places.GroupBy(place => (int)Math.Round(place)).Should().HaveCount(TreeBins.Most).And.OnlyContain(bin => bin.Count() > 50 && bin.Count() < 700);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-7)]
    public void Places_ValuesThatManyRowsShare_HaveABinOfTheirOwn(double noise)
    {
        // Two thirds at 1, as far as rounding goes; the rest spread out beside it.
        var random = new Xoshiro256(9);
        float[] x = [.. Enumerable.Range(0, 3000)
            .Select(row => row % 3 < 2 ? (float)(1 + noise * random.NextGaussian()) : (float)(1.001 + random.NextDouble()))];
        var places = TreeBins.Of(x, 1).Places(x);
        var shared = places.Where((_, row) => row % 3 < 2).ToArray();
        (shared.Max() - shared.Min()).Should().BeLessThan(0.01f);
        places.Where((_, row) => row % 3 == 2).Max().Should().BeGreaterThan(shared.Max() + 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-7)]
    public void Places_ConstantFeature_IsOneBin(double noise)
    {
        var random = new Xoshiro256(3);
        float[] x = [.. Enumerable.Range(0, 500).Select(_ => (float)(0.7 * (1 + noise * random.NextGaussian())))];
        TreeBins.Of(x, 1).Places(x).Should().OnlyContain(place => place == 0);
    }

    [Fact]
    public void Places_CountsBetweenEdges_AreWhole()
    {
        var (x, _) = Attention(1);
        var places = TreeBins.Of(x, Features).Places(x);
        places.Where((_, i) => i % Features == Count).Distinct().Order().Should().Equal(0, 1, 2, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Places_FewRows_StillHaveBins(int rows)
    {
        float[] x = [.. Enumerable.Range(0, rows).Select(row => (float)row)];
        TreeBins.Of(x, 1).Places(x).Should().BeInAscendingOrder().And.OnlyContain(place => place >= 0 && place < TreeBins.Limit);
    }
}
