using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Tree ensembles in the held-out protocol, for a single "layer" of few features.</summary>
public static class TreeProbe
{
    static readonly int[] BoostingRounds = [25, 50, 100, 200];
    const int ForestTrees = 300;

    /// <summary>Boosted trees; the number of rounds (25, 50, 100, 200) by inner folds of the fitting rows.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static ProbeResult Boosted(ProbeData data, Split split, int innerFolds = 5, ulong seed = 0) => Run(data, split, innerFolds, seed, BoostingRounds, "boosted trees",
        (x, features, labels, _, count) => TreeEnsemble.Boost(x, features, labels, count, seed));

    /// <summary>A random forest of 300 trees; nothing is chosen, the inner folds give its expected AUROC.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static ProbeResult Forest(ProbeData data, Split split, int innerFolds = 5, ulong seed = 0) => Run(data, split, innerFolds, seed, [ForestTrees], "random forest",
        (x, features, labels, groups, count) => TreeEnsemble.Forest(x, features, labels, groups, count, seed));

    static ProbeResult Run(ProbeData data, Split split, int innerFolds, ulong seed, int[] counts, string kind, Func<float[], int, bool[], Groups, int, TreeEnsemble> fit)
    {
        data.Validate(kind);
        Check.Domain(kind, "layers (features are one layer)", "1", data.States.Layers, data.States.Layers == 1);
        var features = data.States.Units;
        var x = data.Layer(0);
        // Trees need no scale, and bins tell noise from a difference by the size of the values as they are.
        var raw = Standardiser.None(features);
        var fitting = split.Fitting.ToArray();
        var labels = Split.Take<bool>(data.Labels, fitting);
        var folds = Folds.Assign(labels, data.Groups.Select(fitting), innerFolds, seed);
        var outOfFold = counts.Select(_ => new double[data.Labels.Length]).ToArray();
        var inner = new double[counts.Length];
        for (var fold = 0; fold < innerFolds; fold++)
        {
            int[] kept = [.. fitting.Where((_, i) => folds[i] != fold)], held = [.. fitting.Where((_, i) => folds[i] == fold)];
            var heldLabels = Split.Take<bool>(data.Labels, held);
            Check.BothClasses($"{kind}, inner fold {fold}", heldLabels);
            var ensemble = fit(raw.Apply(x, kept), features, Split.Take<bool>(data.Labels, kept), data.Groups.Select(kept), counts[^1]);
            var heldX = raw.Apply(x, held);
            for (var k = 0; k < counts.Length; k++)
            {
                var scores = ensemble.Decide(heldX, features, counts[k]);
                inner[k] += Auroc.Value(heldLabels, scores) / innerFolds;
                for (var i = 0; i < held.Length; i++) outOfFold[k][held[i]] = scores[i];
            }
        }

        var best = Enumerable.Range(0, counts.Length).MaxBy(k => inner[k]);
        var final = fit(raw.Apply(x, fitting), features, labels, data.Groups.Select(fitting), counts[best]);
        var probe = new Fitted(final, features, $"{kind} {counts[best]}", raw, data.Groups, fitting);
        var heldOut = probe.Score(data, split.Scored);
        for (var i = 0; i < heldOut.Rows.Length; i++) outOfFold[best][heldOut.Rows[i]] = heldOut.Scores[i];
        return new ProbeResult(probe, heldOut, [inner], [.. counts.Select(count => (double)count)], outOfFold[best]);
    }

    sealed class Fitted(TreeEnsemble ensemble, int features, string kind, Standardiser standardiser, Groups groups, ReadOnlySpan<int> fittingRows)
        : FittedProbe(kind, 0, standardiser, groups, fittingRows)
    {
        private protected override void Decide(float[] z, double[] scores) => ensemble.Decide(z, features).CopyTo(scores, 0);
    }
}
