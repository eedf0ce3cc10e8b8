using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>The linear probe of claim hidden-state-probe: L2 logistic regression on one layer's states, layer and penalty chosen by inner folds of the fitting
/// rows, scored once elsewhere.</summary>
/// <remarks>The same code runs for the real labels and for permuted ones (<see cref="PermutationTest"/>): a label set is one more column in
/// <see cref="L2Solver"/>, with inner folds of its own.</remarks>
public static class L2Probe
{
    /// <summary>Label sets solved together: bounds the memory (label sets × folds × penalties vectors) and keeps them in the cache.</summary>
    const int SetsAtOnce = 8;

    /// <summary>Fits on the split's fitting rows and scores its scored rows.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN states: <see cref="NotFiniteException"/>; too few images:
    /// <see cref="TooFewException"/>.</exception>
    public static ProbeResult Run(ProbeData data, Split split, L2Options? options = null)
    {
        data.Validate("L2 probe");
        return RunAll(data, split, [data.Labels], options ?? L2Options.Default, outOfFold: true)[0];
    }

    /// <summary>Nested cross-fitting: every fold is scored by a probe whose layer and penalty were chosen on the others; the mean of the folds' AUROCs, as a
    /// point. No interval: folds share fitting rows, and intervals around pooled scores cover 0.81-0.88 instead of 0.95.</summary>
    /// <exception cref="OneClassException">A fold of one class.</exception>
    public static Estimate Nested(ProbeData data, int folds = 5, ulong seed = 0, L2Options? options = null)
    {
        data.Validate("nested cross-fitting");
        var aurocs = Split.Cross(data.Labels, data.Groups, folds, seed).Select(split =>
        {
            var scores = Run(data, split, options).HeldOut;
            return Auroc.Value(scores.Labels, scores.Scores);
        }).ToArray();
        return Estimate.Point(aurocs.Average(), data.Labels.Length, data.Groups.Count, $"nested-cross-fitted-mean-of-{folds}-folds", seed);
    }

    /// <summary>p of the held-out AUROC by permuting labels through the whole pipeline: labels of whole images are exchanged within the fitting half and within
    /// the scored half, folds are assigned, layer and penalty chosen and the probe fitted anew each time, and scored on the permuted labels of the scored
    /// half.</summary>
    /// <param name="data">As in <see cref="Run"/>.</param>
    /// <param name="split">As in <see cref="Run"/>.</param>
    /// <param name="permutations">At least 200 for a reported p.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <param name="options">As in <see cref="Run"/>.</param>
    /// <returns>The result on the real labels, the permuted AUROCs in draw order and p = (1 + #{permuted ≥ real}) / (1 + permutations).</returns>
    /// <exception cref="TooFewException">No two images of one size: nothing can be permuted.</exception>
    public static (ProbeResult Result, double[] PermutedAurocs, double P) PermutationTest(ProbeData data, Split split, int permutations = 200, ulong seed = 0,
        L2Options? options = null)
    {
        var permuted = PermutedAurocs(data, split, permutations, seed, options);
        var result = Run(data, split, options);
        return (result, permuted, Permutation.PValue(Auroc.Value(result.HeldOut.Labels, result.HeldOut.Scores), permuted));
    }

    /// <summary>The permuted AUROCs of <see cref="PermutationTest"/> alone, in draw order: by far its larger part.</summary>
    public static double[] PermutedAurocs(ProbeData data, Split split, int permutations = 200, ulong seed = 0, L2Options? options = null)
    {
        data.Validate("permutation test of the L2 probe");
        Check.AtLeast("permutation test of the L2 probe", "permutations", 1, permutations);
        var sets = new List<bool[]>();
        for (var draw = 0; draw < permutations; draw++)
        {
            var random = Xoshiro256.Stream(seed, draw);
            var permuted = (bool[])data.Labels.Clone();
            foreach (var half in new[] { split.Fitting.ToArray(), split.Scored.ToArray() })
            {
                var labels = Permutation.OfGroupedLabels(Split.Take<bool>(data.Labels, half), data.Groups.Select(half), ref random);
                for (var i = 0; i < half.Length; i++) permuted[half[i]] = labels[i];
            }

            sets.Add(permuted);
        }

        return [.. RunAll(data, split, sets, options ?? L2Options.Default,
            outOfFold: false).Select(result => Auroc.Value(result.HeldOut.Labels, result.HeldOut.Scores))];
    }

    static ProbeResult[] RunAll(ProbeData data, Split split, IReadOnlyList<bool[]> sets, L2Options options, bool outOfFold)
    {
        options.Validate();
        var fitting = split.Fitting.ToArray();
        var groups = data.Groups.Select(fitting);
        var labels = sets.Select(set => Split.Take<bool>(set, fitting)).ToArray();
        var folds = labels.Select(set => Folds.Assign(set, groups, options.InnerFolds, options.Seed)).ToArray();
        foreach (var (set, fold) in labels.Zip(folds)) ThrowIfOneClass(set, fold, options.InnerFolds);

        var inner = new double[data.States.Layers][][];   // [layer][label set][penalty]
        InParallel.For(data.States.Layers, layer => inner[layer] = InnerAurocs(Gram(data, layer, fitting), labels, folds, Penalties(data, options), options));

        var chosen = Enumerable.Range(0, sets.Count).Select(set => Choose(inner, set)).ToArray();
        var results = new ProbeResult[sets.Count];
        // Finer than by layer: permuted labels choose all layers, but real ones give a single batch.
        var batches = Enumerable.Range(0, sets.Count).GroupBy(set => chosen[set].Layer)
            .SelectMany(sameLayer => sameLayer.Chunk(SetsAtOnce * options.InnerFolds)).ToArray();
        InParallel.For(batches.Length, batch => Finish(data, split, sets, labels, folds, chosen, inner, batches[batch], options, outOfFold, results));
        return results;
    }

    static GramOperator Gram(ProbeData data, int layer, int[] fitting)
    {
        var x = data.Layer(layer);
        return GramOperator.Of(Standardiser.Fit(x, data.States.Units, fitting).Apply(x, fitting), fitting.Length, data.States.Units);
    }

    static double[] Penalties(ProbeData data, L2Options options) => [.. options.Penalties.Select(penalty => penalty / data.States.Units)];

    static double[][] InnerAurocs(GramOperator gram, bool[][] labels, int[][] folds, double[] penalties, L2Options options)
    {
        var aurocs = new double[labels.Length][];
        foreach (var batch in Enumerable.Range(0, labels.Length).Chunk(SetsAtOnce))
        {
            var problems = batch.SelectMany(set => penalties.SelectMany(c => Enumerable.Range(0, options.InnerFolds)
                .Select(fold => new L2Problem(labels[set], [.. folds[set].Select(assigned => assigned != fold)], c)))).ToArray();
            var solutions = L2Solver.Solve(gram, problems, options.SelectionTolerance);
            var next = 0;
            foreach (var set in batch)
                aurocs[set] = [.. penalties.Select(_ => Enumerable.Range(0, options.InnerFolds)
                    .Average(fold => HeldAuroc(labels[set], folds[set], fold, solutions[next++].Decision)))];
        }

        return aurocs;
    }

    static double HeldAuroc(bool[] labels, int[] folds, int fold, double[] decision)
    {
        int[] held = [.. Enumerable.Range(0, labels.Length).Where(row => folds[row] == fold)];
        return Auroc.Value(Split.Take<bool>(labels, held), Split.Take<double>(decision, held));
    }

    /// <summary>The largest inner AUROC; ties to the lower layer and the stronger penalty, which come first.</summary>
    static (int Layer, int Penalty) Choose(double[][][] inner, int set)
    {
        var best = (Layer: 0, Penalty: 0);
        for (var layer = 0; layer < inner.Length; layer++)
            for (var penalty = 0; penalty < inner[layer][set].Length; penalty++)
                if (inner[layer][set][penalty] > inner[best.Layer][set][best.Penalty]) best = (layer, penalty);
        return best;
    }

    /// <summary>The chosen layer's final fits, on all fitting rows, to full precision, and the scores of the scored rows; and the fitting rows' out-of-fold
    /// scores for fusion.</summary>
    static void Finish(ProbeData data, Split split, IReadOnlyList<bool[]> sets, bool[][] labels, int[][] folds, (int Layer, int Penalty)[] chosen,
        double[][][] inner,
        int[] batch, L2Options options, bool outOfFold, ProbeResult[] results)
    {
        var layer = chosen[batch[0]].Layer;
        var fitting = split.Fitting.ToArray();
        var units = data.States.Units;
        var x = data.Layer(layer);
        var standardiser = Standardiser.Fit(x, units, fitting);
        var z = standardiser.Apply(x, fitting);
        var gram = GramOperator.Of(z, fitting.Length, units);
        bool[] all = [.. fitting.Select(_ => true)];
        double Penalty(int set) => options.Penalties[chosen[set].Penalty] / units;

        var finals = L2Solver.Solve(gram, [.. batch.Select(set => new L2Problem(labels[set], all, Penalty(set)))]);
        // Out-of-fold scores are made for the real labels only: permuted ones are not fused.
        L2Problem WithoutFold(int fold) => new(labels[0], [.. folds[0].Select(assigned => assigned != fold)], Penalty(0));
        var ofFolds = outOfFold ? L2Solver.Solve(gram, [.. Enumerable.Range(0, options.InnerFolds).Select(WithoutFold)]) : [];
        foreach (var (set, solution) in batch.Zip(finals))
        {
            var weights = Weights(z, solution.Alpha, units);
            var probe = new LinearProbe(FormattableString.Invariant($"l2 C={Penalty(set):G4}"), layer, Penalty(set), weights, solution.Intercept, standardiser,
                data.Groups, fitting);
            var held = probe.Score(data with { Labels = sets[set] }, split.Scored);
            var crossFitted = outOfFold ? CrossFitted(data.Labels.Length, fitting, folds[0], ofFolds, held) : [];
            results[set] = new ProbeResult(probe, held, [.. inner.Select(byLayer => byLayer[set])], options.Penalties, crossFitted);
        }
    }

    static double[] Weights(float[] z, double[] alpha, int units)
    {
        var weights = new double[units];
        for (var row = 0; row < alpha.Length; row++)
            for (var u = 0; u < units; u++) weights[u] += alpha[row] * z[row * units + u];
        return weights;
    }

    static double[] CrossFitted(int rows, int[] fitting, int[] folds, L2Solution[] outOfFold, HeldOutScores held)
    {
        var scores = new double[rows];
        for (var i = 0; i < fitting.Length; i++) scores[fitting[i]] = outOfFold[folds[i]].Decision[i];
        for (var i = 0; i < held.Rows.Length; i++) scores[held.Rows[i]] = held.Scores[i];
        return scores;
    }

    static void ThrowIfOneClass(bool[] labels, int[] folds, int count)
    {
        for (var fold = 0; fold < count; fold++)
            Check.BothClasses($"inner fold {fold} of {count}", [.. labels.Where((_, row) => folds[row] == fold)]);
    }
}

/// <summary>How an L2 probe chooses its layer and penalty.</summary>
/// <param name="Penalties">scikit-learn's C × units: the penalty is stated per unit, so that one grid serves 64 units and 4,096 (K's diagonal is the number of
/// units).</param>
/// <param name="InnerFolds">Grouped, label-stratified folds of the fitting rows.</param>
/// <param name="Seed">Of the inner folds.</param>
/// <param name="SelectionTolerance">Relative gradient at which an inner fit stops; 1e-3 leaves the AUROC of a fold unchanged to its third digit.</param>
public sealed record L2Options(double[] Penalties, int InnerFolds = 5, ulong Seed = 0, double SelectionTolerance = 1e-3)
{
    /// <summary>Four decades: from almost the class means' direction to almost separation.</summary>
    public static L2Options Default { get; } = new([0.1, 1, 10, 100]);

    internal void Validate()
    {
        Check.AtLeast("L2 probe", "penalties", 1, Penalties.Length);
        Check.AtLeast("L2 probe", "inner folds", 2, InnerFolds);
        foreach (var penalty in Penalties) Check.Domain("L2 probe", "penalty", "above 0", penalty, penalty > 0 && double.IsFinite(penalty));
    }
}
