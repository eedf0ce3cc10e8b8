using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

/// <summary>The non-linear probe d → 256 → 1 (ReLU), reported beside the linear one: trained by AdamW on four fifths of the fitting rows, stopped and its layer
/// chosen by the log loss on the fifth fifth (grouped, label-stratified), scored once on the scored rows. Single-threaded per layer and seeded: the same
/// weights every time.</summary>
public static class MlpProbe
{
    /// <summary>Trains on each of the given layers, keeps the best, scores it.</summary>
    /// <returns>InnerAurocs: one candidate per given layer, the validation AUROC at the kept epoch. CrossFitted is empty.</returns>
    /// <exception cref="OneClassException">A part of one class. NaN states: <see cref="NotFiniteException"/>.</exception>
    public static ProbeResult Run(ProbeData data, Split split, IReadOnlyList<int> layers, MlpOptions? options = null)
    {
        options ??= new MlpOptions();
        data.Validate("MLP probe");
        Check.AtLeast("MLP probe", "layers", 1, layers.Count);
        Check.AtLeast("MLP probe", "hidden units, epochs and rows per step", 1, Math.Min(options.Hidden, Math.Min(options.Epochs, options.Batch)));
        var fitting = split.Fitting.ToArray();
        var labels = Split.Take<bool>(data.Labels, fitting);
        var folds = Folds.Assign(labels, data.Groups.Select(fitting), 5, options.Seed);
        int[] training = [.. fitting.Where((_, i) => folds[i] != 0)], validation = [.. fitting.Where((_, i) => folds[i] == 0)];
        Check.BothClasses("MLP probe, training part", Split.Take<bool>(data.Labels, training));
        Check.BothClasses("MLP probe, validation part", Split.Take<bool>(data.Labels, validation));

        var trained = new (MlpNetwork Network, double Loss, double Auroc, Standardiser Standardiser)[layers.Count];
        InParallel.For(layers.Count, l => trained[l] = Train(data, layers[l], training, validation, options));
        var best = Enumerable.Range(0, layers.Count).MinBy(l => trained[l].Loss);
        var probe = new Fitted(trained[best].Network, $"mlp {options.Hidden}", layers[best], trained[best].Standardiser, data.Groups, fitting);
        return new ProbeResult(probe, probe.Score(data, split.Scored), [.. trained.Select(t => new[] { t.Auroc })], [options.Hidden], []);
    }

    static (MlpNetwork, double, double, Standardiser) Train(ProbeData data, int layer, int[] training, int[] validation, MlpOptions options)
    {
        var x = data.Layer(layer);
        var units = data.States.Units;
        var standardiser = Standardiser.Fit(x, units, training);
        float[] z = standardiser.Apply(x, training), held = standardiser.Apply(x, validation);
        bool[] labels = Split.Take<bool>(data.Labels, training), heldLabels = Split.Take<bool>(data.Labels, validation);
        var random = Xoshiro256.Stream(options.Seed, layer);
        var network = new MlpNetwork(units, options, ref random);
        var order = Enumerable.Range(0, training.Length).ToArray();
        (MlpNetwork Network, double Loss, double Auroc) best = (network, double.PositiveInfinity, 0);
        for (int epoch = 0, since = 0; epoch < options.Epochs && since < options.Patience; epoch++, since++)
        {
            random.Shuffle<int>(order);
            for (var from = 0; from < order.Length; from += options.Batch)
                network.Step(z, labels, order.AsSpan(from, Math.Min(options.Batch, order.Length - from)));
            var scores = network.Decide(held);
            var loss = Calibration.LogLoss(heldLabels, [.. scores.Select(score => 1 / (1 + Math.Exp(-score)))]);
            if (loss >= best.Loss) continue;
            best = (network.Snapshot(), loss, Auroc.Value(heldLabels, scores));
            since = -1;
        }

        return (best.Network, best.Loss, best.Auroc, standardiser);
    }

    sealed class Fitted(MlpNetwork network, string kind, int layer, Standardiser standardiser, Groups groups, ReadOnlySpan<int> fittingRows)
        : FittedProbe(kind, layer, standardiser, groups, fittingRows)
    {
        private protected override void Decide(float[] z, double[] scores) => network.Decide(z).CopyTo(scores, 0);
    }
}

/// <summary>Training of the MLP probe.</summary>
/// <param name="Hidden">Hidden units.</param>
/// <param name="Epochs">At most.</param>
/// <param name="Batch">Rows per step.</param>
/// <param name="LearningRate">Adam's.</param>
/// <param name="WeightDecay">Decoupled (AdamW), per step times the learning rate.</param>
/// <param name="Patience">Epochs without a better validation loss before stopping.</param>
/// <param name="Seed">Of the initial weights, the order of rows and the validation fold.</param>
public sealed record MlpOptions(int Hidden = 256, int Epochs = 40, int Batch = 64, double LearningRate = 1e-3, double WeightDecay = 1e-2, int Patience = 6,
    ulong Seed = 0);
