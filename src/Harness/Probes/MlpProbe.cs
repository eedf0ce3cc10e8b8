using System.Numerics;
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

/// <summary>f = w₂·relu(W₁z + b₁) + b₂ with its AdamW state (Loshchilov and Hutter 2019; PyTorch's defaults β 0.9, 0.999, ε 1e-8). Element-wise float32
/// arithmetic without fusing, and <see cref="DotProducts"/> for sums: the same bits on every processor.</summary>
sealed class MlpNetwork
{
    const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    readonly int units, hidden;
    readonly MlpOptions options;
    readonly float[] parameters, gradient, first, second;   // W₁ [hidden × units], b₁ [hidden], w₂ [hidden], b₂
    int steps;

    public MlpNetwork(int units, MlpOptions options, ref Xoshiro256 random)
    {
        (this.units, hidden, this.options) = (units, options.Hidden, options);
        var size = checked(hidden * units + 2 * hidden + 1);
        (parameters, gradient, first, second) = (new float[size], new float[size], new float[size], new float[size]);
        // He et al. 2015 for the rectified layer, 1/√hidden for the output; biases 0.
        double scale1 = Math.Sqrt(2.0 / units), scale2 = 1 / Math.Sqrt(hidden);
        for (var i = 0; i < hidden * units; i++) parameters[i] = (float)(scale1 * random.NextGaussian());
        for (var h = 0; h < hidden; h++) parameters[OutputWeights + h] = (float)(scale2 * random.NextGaussian());
    }

    MlpNetwork(MlpNetwork other)
    {
        (units, hidden, options) = (other.units, other.hidden, other.options);
        parameters = (float[])other.parameters.Clone();
        gradient = first = second = [];   // a snapshot only decides
    }

    int HiddenBias => hidden * units;

    int OutputWeights => hidden * units + hidden;

    int OutputBias => hidden * units + 2 * hidden;

    public MlpNetwork Snapshot() => new(this);

    /// <summary>f of standardised rows [n × units].</summary>
    public double[] Decide(ReadOnlySpan<float> z)
    {
        var rows = z.Length / units;
        var activations = new double[rows * hidden];
        DotProducts.Multiply(z, rows, parameters.AsSpan(0, hidden * units), hidden, units, activations);
        var scores = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            double sum = parameters[OutputBias];
            for (var h = 0; h < hidden; h++) sum += Math.Max(0, activations[i * hidden + h] + parameters[HiddenBias + h]) * parameters[OutputWeights + h];
            scores[i] = sum;
        }

        return scores;
    }

    /// <summary>One AdamW step on the mean log loss of some rows.</summary>
    public void Step(float[] z, bool[] labels, ReadOnlySpan<int> batch)
    {
        var x = new float[batch.Length * units];
        for (var i = 0; i < batch.Length; i++) z.AsSpan(batch[i] * units, units).CopyTo(x.AsSpan(i * units));
        var activations = new double[batch.Length * hidden];
        DotProducts.Multiply(x, batch.Length, parameters.AsSpan(0, hidden * units), hidden, units, activations);
        Array.Clear(gradient);
        var backward = new float[batch.Length * hidden];
        for (var i = 0; i < batch.Length; i++)
        {
            double sum = parameters[OutputBias];
            for (var h = 0; h < hidden; h++)
            {
                ref var activation = ref activations[i * hidden + h];
                activation = Math.Max(0, activation + parameters[HiddenBias + h]);
                sum += activation * parameters[OutputWeights + h];
            }

            var slope = (float)((1 / (1 + Math.Exp(-sum)) - (labels[batch[i]] ? 1 : 0)) / batch.Length);
            gradient[OutputBias] += slope;
            for (var h = 0; h < hidden; h++)
            {
                if (activations[i * hidden + h] <= 0) continue;
                gradient[OutputWeights + h] += slope * (float)activations[i * hidden + h];
                backward[i * hidden + h] = slope * parameters[OutputWeights + h];
                gradient[HiddenBias + h] += backward[i * hidden + h];
            }
        }

        for (var h = 0; h < hidden; h++)
            for (var i = 0; i < batch.Length; i++)
                if (backward[i * hidden + h] != 0) AddScaled(gradient.AsSpan(h * units, units), x.AsSpan(i * units, units), backward[i * hidden + h]);
        Update();
    }

    void Update()
    {
        steps++;
        var rate = (float)(options.LearningRate / (1 - Math.Pow(Beta1, steps)));
        var correction = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, steps)));
        var decay = (float)(1 - options.LearningRate * options.WeightDecay);
        var i = 0;
        for (; i <= parameters.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> g = new(gradient, i), m = new Vector<float>(first, i) * Beta1 + g * (1 - Beta1),
                v = new Vector<float>(second, i) * Beta2 + g * g * (1 - Beta2);
            m.CopyTo(first, i);
            v.CopyTo(second, i);
            (new Vector<float>(parameters, i) * decay - m * rate / (Vector.SquareRoot(v) * correction + new Vector<float>(Epsilon))).CopyTo(parameters, i);
        }

        for (; i < parameters.Length; i++)
        {
            first[i] = first[i] * Beta1 + gradient[i] * (1 - Beta1);
            second[i] = second[i] * Beta2 + gradient[i] * gradient[i] * (1 - Beta2);
            parameters[i] = parameters[i] * decay - first[i] * rate / (MathF.Sqrt(second[i]) * correction + Epsilon);
        }
    }

    static void AddScaled(Span<float> to, ReadOnlySpan<float> from, float factor)
    {
        var i = 0;
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(to[i..]) + new Vector<float>(from[i..]) * factor).CopyTo(to[i..]);
        for (; i < to.Length; i++) to[i] += from[i] * factor;
    }
}
