using System.Numerics;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Probes;

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
