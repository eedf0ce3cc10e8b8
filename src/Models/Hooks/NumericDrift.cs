using TorchSharp;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>How far one hook point's tensor lies from the float32 reference on the same input.</summary>
/// <param name="Point">The hook point.</param>
/// <param name="MaxAbsolute">Largest absolute difference.</param>
/// <param name="Relative">Root mean square of the difference over that of the reference.</param>
public sealed record NumericDrift(string Point, double MaxAbsolute, double Relative)
{
    static readonly Capture[] Points = [new("blocks.*.resid_post"), new("final_norm"), new("logits")];

    /// <summary>Per block, after the final norm and at the logits, over all positions that hold a token.</summary>
    /// <param name="reference">The checkpoint in float32.</param>
    /// <param name="candidate">The same checkpoint in another dtype or on another device.</param>
    /// <param name="inputs">What both read.</param>
    public static IReadOnlyList<NumericDrift> Measure(VisionLanguageModel reference, VisionLanguageModel candidate, ModelInputs inputs)
    {
        if (reference.Dtype != ScalarType.Float32) throw new ArgumentException($"The reference computes in {reference.Dtype}; expected float32.",
            nameof(reference));
        using var scope = NewDisposeScope();
        var options = new ForwardOptions { Captures = Points };
        var (expected, actual) = (reference.Forward(inputs, options).Trace, candidate.Forward(inputs, options).Trace);
        // [B,T]; values at padding are never read, and a masked row's softmax differs by type
        using var tokens = tensor(inputs.AttentionMask).to(ScalarType.Bool);
        return [.. expected.Keys.Select(point => Compare(point, expected[point].cpu()[tokens], actual[point].cpu()[tokens]))];
    }

    static NumericDrift Compare(string point, Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        var (wide, difference) = (expected.to(ScalarType.Float64), actual.to(ScalarType.Float64) - expected.to(ScalarType.Float64));
        return new NumericDrift(point, difference.abs().max().item<double>(),
            Math.Sqrt(difference.Squared().mean().item<double>() / wide.Squared().mean().item<double>()));
    }
}
