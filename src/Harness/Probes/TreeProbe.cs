using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>Tree ensembles in the held-out protocol, for a single "layer" of few features. Nothing is chosen: the inner folds give the expected AUROC. A
/// number of rounds picked among several by their inner AUROCs would be one more place where a last bit decides.</summary>
public static class TreeProbe
{
    const int BoostingRounds = 50, Bags = 10, ForestTrees = 300;

    /// <summary>Ten bags of 50 boosted trees: weak signals are overfitted by more, strong ones are found by then.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static ProbeResult Boosted(ProbeData data, Split split, int innerFolds = 5, ulong seed = 0) =>
        Run(data, split, innerFolds, seed, "boosted trees", Bags * BoostingRounds,
        (x, features, labels, groups) => TreeEnsemble.Boost(x, features, labels, groups, BoostingRounds, Bags, seed));

    /// <summary>A random forest of 300 trees.</summary>
    /// <exception cref="OneClassException">A half or an inner fold of one class. NaN: <see cref="NotFiniteException"/>.</exception>
    public static ProbeResult Forest(ProbeData data, Split split, int innerFolds = 5, ulong seed = 0) =>
        Run(data, split, innerFolds, seed, "random forest", ForestTrees,
        (x, features, labels, groups) => TreeEnsemble.Forest(x, features, labels, groups, ForestTrees, seed));

    static ProbeResult Run(ProbeData data, Split split, int innerFolds, ulong seed, string kind, int trees,
        Func<float[], int, bool[], Groups, TreeEnsemble> fit)
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
        var (outOfFold, inner) = (new double[data.Labels.Length], 0.0);
        for (var fold = 0; fold < innerFolds; fold++)
        {
            int[] kept = [.. fitting.Where((_, i) => folds[i] != fold)], held = [.. fitting.Where((_, i) => folds[i] == fold)];
            var heldLabels = Split.Take<bool>(data.Labels, held);
            Check.BothClasses($"{kind}, inner fold {fold}", heldLabels);
            var scores = fit(raw.Apply(x, kept), features, Split.Take<bool>(data.Labels, kept), data.Groups.Select(kept)).Decide(raw.Apply(x, held), features);
            inner += Auroc.Value(heldLabels, scores) / innerFolds;
            for (var i = 0; i < held.Length; i++) outOfFold[held[i]] = scores[i];
        }

        var final = fit(raw.Apply(x, fitting), features, labels, data.Groups.Select(fitting));
        var probe = new Fitted(final, features, $"{kind} {trees}", raw, data.Groups, fitting);
        var heldOut = probe.Score(data, split.Scored);
        for (var i = 0; i < heldOut.Rows.Length; i++) outOfFold[heldOut.Rows[i]] = heldOut.Scores[i];
        return new ProbeResult(probe, heldOut, [[inner]], [trees], outOfFold);
    }

    sealed class Fitted(TreeEnsemble ensemble, int features, string kind, Standardiser standardiser, Groups groups, ReadOnlySpan<int> fittingRows)
        : FittedProbe(kind, 0, standardiser, groups, fittingRows)
    {
        private protected override void Decide(float[] z, double[] scores) => ensemble.Decide(z, features).CopyTo(scores, 0);
    }
}
