using Vrp.Harness.Statistics;
using Vrp.Models;

namespace Vrp.Harness.Tests.Statistics;

/// <summary>n of 0, 1 and 2, one class, ties and NaN: a named error or a defined figure for every statistic, never NaN.</summary>
public class EdgeCaseTests
{
    static readonly bool[] None = [], One = [true], Two = [true, false], OneClass = [true, true, true];
    static readonly double[] NoScores = [], OneScore = [0.5], TwoScores = [0.7, 0.2], WithNaN = [0.1, double.NaN];

    static readonly (string Name, Func<bool[], double[], object> Compute)[] OfLabelsAndScores =
    [
        ("auroc", (y, s) => Auroc.Value(y, s)),
        ("average precision", (y, s) => Auroc.AveragePrecision(y, s)),
        ("roc", (y, s) => RocCurve.Compute(y, s)),
        ("delong", (y, s) => DeLong.Interval(y, s)),
        ("delong paired", (y, s) => DeLong.Paired(y, s, s)),
        ("clustered", (y, s) => ClusteredAuroc.Interval(y, s, Groups.Singletons(y.Length))),
        ("clustered paired", (y, s) => ClusteredAuroc.Paired(y, s, s, Groups.Singletons(y.Length))),
        ("point-biserial", (y, s) => Correlation.PointBiserial(y, s)),
        ("point-biserial value", (y, s) => Correlation.PointBiserialValue(y, s)),
        ("auroc draws", (y, s) => GroupStatistics.Auroc(y, s, Groups.Singletons(y.Length))),
    ];

    public static TheoryData<int> All() => [.. Enumerable.Range(0, OfLabelsAndScores.Length)];

    [Theory, MemberData(nameof(All))]
    public void OfLabelsAndScores_BadInput_NamedErrors(int index)
    {
        var (name, compute) = OfLabelsAndScores[index];
        Invoking(() => compute(None, NoScores)).Should().Throw<EmptyInputException>(name);
        Invoking(() => compute(One, OneScore)).Should().Throw<OneClassException>(name);
        Invoking(() => compute(OneClass, [1, 2, 3])).Should().Throw<OneClassException>(name).WithMessage("*3 positive and 0 negative*");
        Invoking(() => compute(Two, WithNaN)).Should().Throw<NotFiniteException>(name).WithMessage("*row 1 is NaN*");
        Invoking(() => compute(Two, [1, double.PositiveInfinity])).Should().Throw<NotFiniteException>(name);
        Invoking(() => compute(Two, OneScore)).Should().Throw<StatisticsException>(name);
    }

    static Func<object> Invoking(Func<object> compute) => compute;

    [Fact]
    public void Errors_AllOfThem_AreForTheUser() =>
        typeof(StatisticsException).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StatisticsException)))
            .Should().NotBeEmpty().And.OnlyContain(type => type.IsSubclassOf(typeof(VrpException)));

    [Fact]
    public void Auroc_TwoRows_IsOneHalfOrZero()
    {
        Auroc.Value(Two, [0.7, 0.2]).Should().Be(1);
        Auroc.Value(Two, [0.2, 0.7]).Should().Be(0);
        Auroc.Value(Two, [0.2, 0.2]).Should().Be(0.5);
    }

    [Fact]
    public void Auroc_AllTied_IsOneHalf() => Auroc.Value([true, false, true, false, false], [3, 3, 3, 3, 3]).Should().Be(0.5);

    [Fact]
    public void DeLong_OnePositive_NeedsMore() =>
        Invoking(() => DeLong.Interval(Two, TwoScores)).Should().Throw<TooFewException>().WithMessage("*2 positive rows*got 1*");

    [Fact]
    public void ClusteredAuroc_OneImage_NeedsMore() =>
        Invoking(() => ClusteredAuroc.Interval([true, false, true, false], [1, 2, 3, 4], Groups.From([0, 0, 0, 0]))).Should().Throw<TooFewException>();

    [Fact]
    public void ClusteredAuroc_PerfectRanking_HasABoundedInterval()
    {
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0)];
        var estimate = ClusteredAuroc.Interval(labels, [.. labels.Select(label => label ? 1.0 : 0)], Groups.From(Enumerable.Range(0, 40).Select(i => i / 4)));
        (estimate.Value, estimate.High).Should().Be((1, 1));
        estimate.Low.Should().BeApproximately(Math.Pow(0.025, 1.0 / 10), 1e-12, "ten images without a failure");
        estimate.Method.Should().Be("obuchowski-perfect-exact-bound");
        var worst = ClusteredAuroc.Interval(labels, [.. labels.Select(label => label ? 0.0 : 1)], Groups.From(Enumerable.Range(0, 40).Select(i => i / 4)));
        (worst.Value, worst.Low, worst.High).Should().Be((0, 0, 1 - estimate.Low));
    }

    [Fact]
    public void ClusteredAuroc_EqualScores_DifferByExactlyNothing()
    {
        bool[] labels = [true, false, true, false, true, false];
        double[] scores = [3, 1, 2, 4, 6, 5];
        var (difference, p) = ClusteredAuroc.Paired(labels, scores, scores, Groups.From([0, 0, 1, 1, 2, 2]));
        (difference.Value, difference.Low, difference.High, p).Should().Be((0, 0, 0, 1));
    }

    [Fact]
    public void DeLongPaired_EqualScores_NothingToTest() =>
        Invoking(() => DeLong.Paired([true, false, true, false], TwoScores.Concat(TwoScores).ToArray(),
            TwoScores.Concat(TwoScores).ToArray())).Should().Throw<ConstantInputException>();

    [Fact]
    public void ClusteredAuroc_RowsInOwnGroups_HasDeLongsVarianceUpToItsDivisor()
    {
        var random = new Xoshiro256(4);
        bool[] labels = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0)];
        double[] scores = [.. labels.Select(label => random.NextGaussian() + (label ? 1 : 0))];
        // Groups of one row: s10 and s01 are DeLong's, and no group has both classes, so s11 = 0.
        ClusteredAuroc.StandardError(labels, scores, Groups.Singletons(300)).Should().BeApproximately(DeLong.StandardError(labels, scores), 1e-12);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void FisherZ_FewRows_NoInterval(int n) => Invoking(() => Correlation.FisherZ(0.1, n)).Should().Throw<TooFewException>();

    [Fact]
    public void FisherZ_PerfectCorrelation_NoInterval() => Invoking(() => Correlation.FisherZ(1, 10)).Should().Throw<OutOfDomainException>();

    [Fact]
    public void Correlation_ConstantInput_IsNamed()
    {
        Invoking(() => Correlation.Pearson([1, 1, 1], [1, 2, 3])).Should().Throw<ConstantInputException>().WithMessage("*'x' is constant*");
        // 0.1 + 0.2 and 0.3 differ by rounding alone.
        Invoking(() => Correlation.Pearson([1, 2, 3], [0.1 + 0.2, 0.3, 0.3])).Should().Throw<ConstantInputException>().WithMessage("*'y' is constant*");
    }

    [Fact]
    public void Proportion_NoTrials_IsEmpty() => Invoking(() => Proportion.Wilson(0, 0)).Should().Throw<EmptyInputException>();

    [Fact]
    public void Proportion_MoreSuccessesThanTrials_OutOfDomain() => Invoking(() => Proportion.ClopperPearson(3, 2)).Should().Throw<OutOfDomainException>();

    [Fact]
    public void Level_OutsideItsRange_OutOfDomain() =>
        Invoking(() => Proportion.Wilson(1, 2, 95)).Should().Throw<OutOfDomainException>().WithMessage("*'level' must be between 0 and 1, got 95*");

    [Fact]
    public void McNemar_NoDiscordantPairs_IsOne() => McNemar.Test([true, false], [true, false]).P.Should().Be(1);

    [Fact]
    public void McNemar_NoRows_IsEmpty() => Invoking(() => McNemar.Test(None, None)).Should().Throw<EmptyInputException>();

    [Fact]
    public void MultipleTesting_NoTestsOrNaN_NamedErrors()
    {
        Invoking(() => MultipleTesting.Holm([])).Should().Throw<EmptyInputException>();
        Invoking(() => MultipleTesting.Holm([0.1, double.NaN])).Should().Throw<OutOfDomainException>();
    }

    [Fact]
    public void Calibration_ProbabilityAboveOne_OutOfDomain() => Invoking(() => Calibration.Brier([true], [1.2])).Should().Throw<OutOfDomainException>();

    [Fact]
    public void Calibration_EdgesOfBins_FallIntoTheLowerBin() =>
        Calibration.Diagram([true, false, true], [0, 0.1, 1]).Select(bin => (Math.Round(bin.Low, 9), bin.ShareCorrect.N)).Should().Equal((0, 2), (0.9, 1));

    [Fact]
    public void RiskCoverage_TiedScores_TakeTheirCommonShare()
    {
        var curve = RiskCoverage.Compute([true, false, true, false], [1, 1, 1, 1]);
        curve.Risk.Should().Equal(0.5, 0.5, 0.5, 0.5);
        curve.At(1).Should().Be(0.5);
        Invoking(() => curve.At(0)).Should().Throw<OutOfDomainException>();
    }

    [Fact]
    public void ClusteredMean_OneImage_NeedsMore() => Invoking(() => ClusteredMean.Interval([1, 0], Groups.From([7, 7]))).Should().Throw<TooFewException>();

    /// <summary>scipy.stats.binomtest(0, 4).proportion_ci(0.95, "exact").high = 0.6023646.</summary>
    [Theory]
    [InlineData(0, 0, 0.6023646)]
    [InlineData(1, 0.3976354, 1)]
    public void ClusteredMean_ShareOfNoneOrAll_HasTheExactEndOfAsManyGroups(double value, double low, double high)
    {
        var estimate = ClusteredMean.ShareInterval(Enumerable.Repeat(value, 8).ToArray(), Groups.From([1, 1, 2, 2, 3, 3, 4, 4]));
        estimate.Value.Should().Be(value);
        estimate.Low.Should().BeApproximately(low, 1e-7);
        estimate.High.Should().BeApproximately(high, 1e-7);
    }

    [Fact]
    public void ClusteredMean_ShareOfSome_IsTheTIntervalWithinNoneAndAll()
    {
        var (rows, groups) = (new double[] { 0, 0, 0, 1 }, Groups.Singletons(4));
        var (plain, share) = (ClusteredMean.Interval(rows, groups), ClusteredMean.ShareInterval(rows, groups));
        plain.Low.Should().BeNegative();
        share.Should().Be(plain with { Low = 0, High = Math.Min(1, plain.High) });
    }

    [Fact]
    public void ClusteredMean_RowsInOwnGroups_IsTheOrdinaryTInterval()
    {
        var estimate = ClusteredMean.Interval([1, 2, 3, 4], Groups.Singletons(4));
        // scipy: stats.t.interval(.95, 3, 2.5, stats.sem([1, 2, 3, 4]))
        estimate.Low.Should().BeApproximately(0.44573974323912, 1e-10);
        estimate.High.Should().BeApproximately(4.55426025676088, 1e-10);
    }

    [Fact]
    public void Groups_Duplicates_NameSampleAndRows() =>
        Invoking(() => { Groups.ThrowIfDuplicated("reading", ["a", "b", "a"]); return 0; })
            .Should().Throw<DuplicateRowException>().WithMessage("*'a' occurs in rows 0 and 2*");

    [Fact]
    public void SignFlip_FewImages_IsExact()
    {
        // Two images, both +1: of four patterns two are as far from 0.
        var test = SignFlip.Test([1, 0, 1], Groups.From([0, 0, 1]));
        (test.P, test.Exact, test.Draws).Should().Be((0.5, true, 4));
        SignFlip.Test([0, 0], Groups.From([0, 1])).P.Should().Be(1);
    }

    [Fact]
    public void SignFlip_RowsInOwnGroups_IsMcNemars()
    {
        // 12 discordant pairs, 10 against 2: all 2^12 patterns are looked at, and their two-sided p is the binomial one.
        double[] differences = [.. Enumerable.Repeat(1.0, 10), .. Enumerable.Repeat(-1.0, 2), 0, 0, 0];
        SignFlip.Test(differences, Groups.Singletons(15)).P.Should().BeApproximately(McNemar.Test(10, 2).P, 1e-12);
    }

    [Fact]
    public void Permutation_AllSizesDifferent_NothingToPermute() =>
        Invoking(() => { var random = new Xoshiro256(1); return Permutation.OfGroupedLabels([true, false, true], Groups.From([0, 1, 1]), ref random); })
            .Should().Throw<TooFewException>();

    [Fact]
    public void Bootstrap_OneClassAlways_NamedError() =>
        Invoking(() => new ClusteredBootstrap(Groups.From([0, 1]), 10).Draws(_ => double.NaN)).Should().Throw<TooFewException>();

    [Fact]
    public void Estimate_WithoutInterval_DecidesNothing()
    {
        var point = Estimate.Point(0.9, 10, 5, "nested");
        (point.IsAbove(0.5), point.IsBelow(1), point.Contains(0.9), point.IsWithin(0, 1)).Should().Be((false, false, false, false));
        point.ToString().Should().Contain("point").And.Contain("n=10");
    }

    [Fact]
    public void Equivalence_Interval_DecidesOnlyWhereItIsEntirelyOnOneSide()
    {
        Estimate Of(double low, double high) => new((low + high) / 2, low, high, 0.95, 100, 20, "test");
        Equivalence.Decide(Of(-0.05, 0.05), 0.1).Should().BeTrue();
        Equivalence.Decide(Of(0.12, 0.2), 0.1).Should().BeFalse();
        Equivalence.Decide(Of(-0.2, -0.12), 0.1).Should().BeFalse();
        Equivalence.Decide(Of(-0.3, 0.05), 0.1).Should().BeNull();
    }

    [Theory, InlineData(0.02, 0.03, 0.1), InlineData(-0.05, 0.02, 0.06), InlineData(0.3, 0.1, 0.1)]
    public void TostP_AtLevelAlpha_IsTheSameAsTheInterval(double effect, double error, double margin)
    {
        var half = 1.6448536269514722 * error;   // scipy: norm.ppf(.95)
        (Equivalence.TostP(effect, error, margin) < 0.05).Should().Be(effect - half > -margin && effect + half < margin);
    }

    [Fact]
    public void Power_KnownFigures_AreReached()
    {
        // (1.959964 + 0.841621)² = 7.848880 (any table of z values).
        Power.MinimumDetectableEffect(1).Should().BeApproximately(2.8015851, 1e-6);
        Power.NeededForNonInferiority(0.01, 0.1).Should().Be(7849);               // 7.848880 · 0.1 / 0.0001
        Power.NeededForCorrelationEquivalence(0.1).Should().Be(854);              // ((1.644854 + 1.281552) / 0.1003353)² + 3 = 853.7
    }
}
