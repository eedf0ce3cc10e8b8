using Vrp.Harness.Measures;
using Vrp.Harness.Probes;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Tests.Probes;

/// <summary>The held-out protocol: what is found, what cannot be asked for, and that it is the same every time.</summary>
public class ProtocolTests
{
    [Fact]
    public void L2_PlantedLayer_IsChosenAndGeneralises()
    {
        var data = Planted(rows: 960, layers: 4, units: 30, planted: 2);
        var result = L2Probe.Run(data, Split.Half(data.Labels, data.Groups, 1));
        result.Probe.Layer.Should().Be(2);
        var auroc = result.HeldOut.Auroc();
        auroc.IsAbove(0.7).Should().BeTrue(auroc.ToString() + "; the direction itself has Φ(1.5/√2) = 0.856");
        auroc.N.Should().Be(result.HeldOut.Rows.Length);
        result.InnerByLayer[0].Should().BeInRange(0.35, 0.65);
        result.Linear.RankedUnits()[0].Should().Be(5, "that unit carries the signal");
        result.HeldOut.Accuracy().Value.Should().BeGreaterThan(result.HeldOut.MajorityAccuracy);
    }

    [Fact]
    public void L2_MoreUnitsThanRows_SameFitAsInThePrimal()
    {
        // 60 units against 40 fitting rows goes through the Gram matrix, 60 against 480 through the factor: both must give the optimum of the plain problem.
        foreach (var rows in new[] { 80, 960 })
        {
            var data = Planted(rows, layers: 1, units: 60, planted: 0);
            var split = Split.Half(data.Labels, data.Groups, 1);
            var result = L2Probe.Run(data, split);
            var fitting = split.Fitting.ToArray();
            var x = data.Layer(0);
            var z = result.Probe.Standardiser.Apply(x, fitting);
            var plain = LogisticRegression.L2([.. fitting.Select((_, i) => z.AsSpan(i * 60, 60).ToArray().Select(value => (double)value).ToArray())],
                [.. fitting.Select(row => data.Labels[row])], result.Linear.C);
            // 1e-5: the Gram matrix is made of float32 products.
            for (var u = 0; u < 60; u++) result.Linear.Weights[u].Should().BeApproximately(plain.Weights[u], 1e-5);
            result.Linear.Intercept.Should().BeApproximately(plain.Intercept, 1e-5);
        }
    }

    [Fact]
    public void L2_SolvedTogetherOrAlone_TheSame()
    {
        var data = Planted(120, 1, 20, 0);
        var z = Standardiser.Fit(data.Layer(0), 20, Enumerable.Range(0, 120).ToArray()).Apply(data.Layer(0), Enumerable.Range(0, 120).ToArray());
        var gram = GramOperator.Of(z, 120, 20);
        bool[] Without(int fold) => [.. Enumerable.Range(0, 120).Select(row => row % 3 != fold)];
        L2Problem[] problems = [.. new[] { 0.01, 0.1, 1 }.SelectMany(c => Enumerable.Range(0, 3).Select(fold => new L2Problem(data.Labels, Without(fold), c)))];
        var together = L2Solver.Solve(gram, problems);
        foreach (var (problem, solution) in problems.Zip(together)) L2Solver.Solve(gram, [problem])[0].Decision.Should().Equal(solution.Decision);
    }

    /// <summary>Two distinct rows, each the other's opposite: the gradient's norm is a difference of nearly equal sums, and its relative tolerance may lie
    /// below what float64 can show.</summary>
    [Fact]
    public void L2_FeaturesOfTwoDistinctValues_EndAtTheMinimum()
    {
        for (var draw = 0; draw < 400; draw++)
        {
            var random = Xoshiro256.Stream(11, draw);
            var (rows, share) = (300 + random.NextInt(400), 0.05 + 0.9 * random.NextDouble());
            var said = new bool[rows];
            var labels = new bool[rows];
            for (var i = 0; i < rows; i++) (said[i], labels[i]) = (random.NextDouble() < share, random.NextDouble() < 0.8);
            (said[0], said[1], labels[0], labels[1]) = (true, false, true, false);
            float[] x = [.. said.SelectMany(yes => yes ? new[] { 1f, 0f } : [0f, 1f])];
            var all = Enumerable.Range(0, rows).ToArray();
            var gram = GramOperator.Of(Standardiser.Fit(x, 2, all).Apply(x, all), rows, 2);
            L2Problem[] problems = [.. new[] { 0.05, 0.5, 5, 50 }.Select(c => new L2Problem(labels, [.. all.Select(_ => true)], c))];
            L2Solver.Solve(gram, problems).Should().OnlyContain(solution => solution.Decision.All(double.IsFinite));
        }
    }

    [Fact]
    public void Run_Twice_SameBytes()
    {
        var data = Planted(240, 3, 16, 1);
        var split = Split.Half(data.Labels, data.Groups, 5);
        L2Probe.Run(data, split).HeldOut.Scores.Should().Equal(L2Probe.Run(data, split).HeldOut.Scores);
        MlpProbe.Run(data, split, [0, 1], new MlpOptions(16, 10)).HeldOut.Scores.Should().Equal(MlpProbe.Run(data, split, [0, 1],
            new MlpOptions(16, 10)).HeldOut.Scores);
        L1Probe.Run(data, split, [1]).Result.HeldOut.Scores.Should().Equal(L1Probe.Run(data, split, [1]).Result.HeldOut.Scores);
    }

    [Fact]
    public void Score_RowsOfTheFit_Throws()
    {
        var data = Planted(240, 1, 8, 0);
        var split = Split.Half(data.Labels, data.Groups, 1);
        var probe = L2Probe.Run(data, split).Probe;
        FluentActions.Invoking(() => probe.Score(data, split.Fitting.ToArray())).Should().Throw<GroupLeakException>().WithMessage("*In-sample scores cannot "
            + "be reported*");
        // Not even one row among many, nor by renaming the images.
        FluentActions.Invoking(() => probe.Score(data, [.. split.Scored, split.Fitting[0]])).Should().Throw<GroupLeakException>();
        FluentActions.Invoking(() => probe.Score(data with { Groups = Groups.Singletons(240) },
            split.Scored.ToArray())).Should().Throw<LengthMismatchException>();
        typeof(HeldOutScores).GetConstructors().Should().BeEmpty("scores come from scoring held-out rows and from nowhere else");
    }

    [Fact]
    public void Split_Half_KeepsImagesWholeAndLabelsBalanced()
    {
        var data = Planted(1000, 1, 1, 0);
        var split = Split.Half(data.Labels, data.Groups, 7);
        var groups = data.Groups;
        split.Fitting.ToArray().Select(row => groups.Of[row]).Intersect(split.Scored.ToArray().Select(row => groups.Of[row])).Should().BeEmpty();
        split.Fitting.Length.Should().BeInRange(490, 510);
        double Share(ReadOnlySpan<int> rows) => rows.ToArray().Count(row => data.Labels[row]) / (double)rows.Length;
        Share(split.Fitting).Should().BeApproximately(Share(split.Scored), 0.02);
        Split.Half(data.Labels, data.Groups, 8).Fitting.ToArray().Should().NotEqual(split.Fitting.ToArray(), "another seed, another half");
    }

    [Fact]
    public void Split_Of_LeakingGroup_Throws() =>
        FluentActions.Invoking(() => Split.Of([0, 1], [2, 3], [true, false, true, false],
            Groups.From(["a", "b", "b", "c"]))).Should().Throw<GroupLeakException>();

    [Fact]
    public void Run_OneClassOrNaNOrFewImages_NamedErrors()
    {
        var data = Planted(60, 1, 3, 0);
        FluentActions.Invoking(() => Split.Half([.. data.Labels.Select(_ => true)], data.Groups, 1)).Should().Throw<OneClassException>();
        // One negative image only: some part has to be without.
        bool[] rare = [.. Enumerable.Range(0, 60).Select(row => row != 0)];
        FluentActions.Invoking(() => Split.Half(rare, data.Groups, 1)).Should().Throw<OneClassException>().WithMessage("*part*");
        var split = Split.Half(data.Labels, data.Groups, 1);
        var broken = data.Layer(0);
        broken[17] = float.NaN;
        FluentActions.Invoking(() => L2Probe.Run(data with { States = new ArrayStates([broken], 60, 3) },
            split)).Should().Throw<NotFiniteException>().WithMessage("*layer 0*");
        FluentActions.Invoking(() => L2Probe.Run(data, split, L2Options.Default with { InnerFolds = 20 })).Should().Throw<StatisticsException>();
    }

    [Fact]
    public void Permutation_NoSignal_PValuesOfTheWholePipelineAreUniform()
    {
        // 19 permutations: p = 0.05 is the real labels beating all of them, which happens one time in twenty.
        const int simulations = 1000;
        var p = new double[simulations];
        Parallel.For(0, simulations, index =>
        {
            var data = Planted(96, 2, 4, -1, (ulong)index + 1000);
            p[index] = L2Probe.PermutationTest(data, Split.Half(data.Labels, data.Groups, 1), 19, (ulong)index, new L2Options([1, 10], 2)).P;
        });
        (p.Count(value => value <= 0.0501) / (double)simulations).Should().BeInRange(0.03, 0.07);
        (p.Count(value => value <= 0.5001) / (double)simulations).Should().BeInRange(0.45, 0.55);
    }

    [Fact]
    public void Permutation_Signal_IsFound()
    {
        var data = Planted(240, 2, 10, 1);
        var (result, permuted, p) = L2Probe.PermutationTest(data, Split.Half(data.Labels, data.Groups, 1), 39);
        p.Should().Be(1 / 40.0);
        permuted.Should().HaveCount(39);
        permuted.Average().Should().BeInRange(0.4, 0.6);
        result.HeldOut.Scores.Should().Equal(L2Probe.Run(data, Split.Half(data.Labels, data.Groups, 1)).HeldOut.Scores,
            "the permutation test's own result is that of the plain run");
    }

    [Fact]
    public void Nested_PlantedLayer_IsAPointWithoutInterval()
    {
        var data = Planted(300, 2, 10, 1);
        var nested = L2Probe.Nested(data);
        nested.HasInterval.Should().BeFalse();
        nested.Value.Should().BeInRange(0.7, 1);
    }

    [Fact]
    public void L1_PlantedUnit_NeedsAFewOfAllUnits()
    {
        var data = Planted(480, 3, 50, 1);
        var (result, path) = L1Probe.Run(data, Split.Half(data.Labels, data.Groups, 1), [0, 1, 2]);
        result.Probe.Layer.Should().Be(1);
        result.Linear.RankedUnits()[0].Should().Be(5);
        result.Linear.NonZeroShare.Should().BeLessThan(0.7);
        path.Select(point => point.C).Should().BeInAscendingOrder();
        path[0].NonZeroShare.Should().BeLessThan(0.1);
        path[^1].NonZeroShare.Should().BeGreaterThan(path[0].NonZeroShare);
        result.HeldOut.Auroc().Value.Should().BeGreaterThan(0.75);
    }

    [Fact]
    public void Mlp_ExclusiveOr_IsLearntWhereALinearProbeCannot()
    {
        var random = new Xoshiro256(2);
        var x = new float[1200 * 4];
        for (var i = 0; i < x.Length; i++) x[i] = (float)random.NextGaussian();
        bool[] labels = [.. Enumerable.Range(0, 1200).Select(row => x[row * 4] * x[row * 4 + 1] > 0)];
        var data = new ProbeData(new ArrayStates([x], 1200, 4), labels, Groups.From(Enumerable.Range(0, 1200).Select(row => row / 6)));
        var split = Split.Half(labels, data.Groups, 1);
        L2Probe.Run(data, split).HeldOut.Auroc().Contains(0.5).Should().BeTrue();
        MlpProbe.Run(data, split, [0]).HeldOut.Auroc().IsAbove(0.9).Should().BeTrue();
        TreeProbe.Boosted(data, split).HeldOut.Auroc().IsAbove(0.9).Should().BeTrue();
        TreeProbe.Forest(data, split).HeldOut.Auroc().IsAbove(0.85).Should().BeTrue();
    }

    [Fact]
    public void AttentionClassifier_UnrelatedFeatures_AreAtChance()
    {
        var random = new Xoshiro256(6);
        var features = Enumerable.Range(0, 480).Select(_ => AttentionFeatures.Compute(
            AttentionMap.Renormalise(Enumerable.Range(0, 36).Select(_ => Math.Exp(random.NextGaussian())).ToArray(), 6, 6),
                [random.NextDouble(), random.NextDouble()])).ToArray();
        bool[] labels = [.. features.Select(_ => random.NextDouble() < 0.6)];
        var groups = Groups.From(Enumerable.Range(0, 480).Select(row => row / 6));
        var result = AttentionClassifier.Run(features, labels, groups, Split.Half(labels, groups, 1));
        foreach (var probe in new[] { result.Logistic, result.Boosted,
            result.Forest }) probe.HeldOut.Auroc().Contains(0.5).Should().BeTrue(probe.HeldOut.Auroc().ToString());
        result.Logistic.Linear.Weights.Should().HaveCount(77, "11 features and 66 products");
    }

    [Fact]
    public void Shortcuts_KindDecidesTheLabel_BaselineSeesIt()
    {
        var random = new Xoshiro256(8);
        string[] kinds = [.. Enumerable.Range(0, 480).Select(row => row % 3 == 0 ? "count" : "yes-no")];
        bool[] labels = [.. kinds.Select(kind => random.NextDouble() < (kind == "count" ? 0.3 : 0.9))];
        var groups = Groups.From(Enumerable.Range(0, 480).Select(row => row / 6));
        var split = Split.Half(labels, groups, 1);
        var byKind = Shortcuts.Run(Shortcuts.OneHot(kinds), labels, groups, split).HeldOut;
        byKind.Auroc().IsAbove(0.7).Should().BeTrue();
        string[] texts = [.. kinds.Select((kind, row) => kind == "count" ? $"How many dogs are there in image {row}?" : "Is there a dog?")];
        var byWords = Shortcuts.Run(Shortcuts.BagOfWords(texts), labels, groups, split).HeldOut;
        byWords.Auroc().IsAbove(0.7).Should().BeTrue();
        byKind.Where(row => kinds[row] == "count").Auroc().Value.Should().Be(0.5, "within a kind the kind says nothing");
        FluentActions.Invoking(() => byKind.Where(_ => false)).Should().Throw<EmptyInputException>();
        var (gain, p) = byKind.GainOver([.. Enumerable.Range(0, 480).Select(_ => random.NextGaussian())]);
        gain.IsAbove(0).Should().BeTrue();
        p.Should().BeLessThan(0.01);
    }

    [Fact]
    public void Fusion_SignalAndNoise_WeighsTheSignal()
    {
        var data = Planted(480, 2, 10, 1);
        var split = Split.Half(data.Labels, data.Groups, 1);
        var probe = L2Probe.Run(data, split);
        probe.CrossFitted.Should().HaveCount(480);
        var random = new Xoshiro256(1);
        var fused = Fusion.Run([("probe", probe.CrossFitted), ("noise", [.. data.Labels.Select(_ => random.NextGaussian())])], data.Labels, data.Groups, split);
        Math.Abs(fused.Linear.Weights[0]).Should().BeGreaterThan(3 * Math.Abs(fused.Linear.Weights[1]));
        fused.HeldOut.Auroc().Value.Should().BeApproximately(probe.HeldOut.Auroc().Value, 0.05);
        FluentActions.Invoking(() => Fusion.Run([("probe", [1.0, 2])], data.Labels, data.Groups, split)).Should().Throw<LengthMismatchException>();
    }

    [Fact]
    public void ConcatenatedStates_LastFive_LieSideBySide()
    {
        var source = new ArrayStates([.. Enumerable.Range(0, 7).Select(layer => new[] { layer * 10f, layer * 10f + 1, layer * 10f + 2, layer * 10f + 3 })], 2,
            2);
        var last = ConcatenatedStates.LastFive(source);
        var values = new float[2 * last.Units];
        last.Read(0, values);
        values[..10].Should().Equal(20, 21, 30, 31, 40, 41, 50, 51, 60, 61);
        values[10..].Should().Equal(22, 23, 32, 33, 42, 43, 52, 53, 62, 63);
    }

    [Theory, InlineData(7, 5, 3), InlineData(33, 41, 1029), InlineData(64, 36, 2048)]
    public void DotProducts_WideAndNarrowRegisters_SameBits(int rowsA, int rowsB, int columns)
    {
        var random = new Xoshiro256(1);
        float[] a = [.. Enumerable.Range(0, rowsA * columns).Select(_ => (float)random.NextGaussian())],
            b = [.. Enumerable.Range(0, rowsB * columns).Select(_ => (float)random.NextGaussian())];
        double[] wide = new double[rowsA * rowsB], narrow = new double[rowsA * rowsB];
        DotProducts.Multiply(a, rowsA, b, rowsB, columns, wide, wide: true);
        DotProducts.Multiply(a, rowsA, b, rowsB, columns, narrow, wide: false);
        narrow.Should().Equal(wide);
        for (var i = 0; i < rowsA; i++)
            wide[i * rowsB].Should().BeApproximately(Enumerable.Range(0, columns).Sum(k => (double)a[i * columns + k] * b[k]), 1e-4 * Math.Sqrt(columns));

        double[] da = [.. a.Select(value => (double)value)], db = [.. b.Select(value => (double)value)];
        DotProducts.Multiply(da, rowsA, db, rowsB, columns, wide, wide: true);
        DotProducts.Multiply(da, rowsA, db, rowsB, columns, narrow, wide: false);
        narrow.Should().Equal(wide);
        var gram = DotProducts.Gram(a, rowsA, columns);
        DotProducts.Multiply(a, rowsA, a, rowsA, columns, wide = new double[rowsA * rowsA]);
        gram.Should().Equal(wide, "half of it is computed and half is its mirror image");
    }

    /// <summary>Images of six rows; 60 % correct; unit 5 (or the last) of one layer is shifted by 1.5 for correct rows; −1 = nowhere.</summary>
    static ProbeData Planted(int rows, int layers, int units, int planted, ulong seed = 1)
    {
        var random = new Xoshiro256(seed);
        bool[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.6)];
        var states = new float[layers][];
        for (var layer = 0; layer < layers; layer++)
        {
            states[layer] = new float[rows * units];
            for (var i = 0; i < states[layer].Length; i++) states[layer][i] = (float)random.NextGaussian() * (1 + i % units);
            for (var row = 0; row < rows; row++)
                if (layer == planted && labels[row]) states[layer][row * units + Math.Min(5, units - 1)] += 1.5f * (1 + Math.Min(5, units - 1));
        }

        return new ProbeData(new ArrayStates(states, rows, units), labels, Groups.From(Enumerable.Range(0, rows).Select(row => row / 6)));
    }
}
