using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Mean cross-entropy of each labelled token given what stands before it (transformers: ForCausalLMLoss). Natural logarithm, float32,
/// differentiable.</summary>
public static class CausalLanguageModelLoss
{
    /// <summary>A label that takes no part.</summary>
    public const long Ignored = -100;

    /// <param name="logits">[B,T,V]</param>
    /// <param name="labels">[B,T]: the token at each position, or <see cref="Ignored"/>; position t is predicted by the logits at t-1.</param>
    public static Tensor Compute(Tensor logits, long[,] labels)
    {
        if (logits.dim() != 3 || logits.shape[0] != labels.GetLength(0) || logits.shape[1] != labels.GetLength(1))
            throw new ShapeException("loss", $"logits [{labels.GetLength(0)}, {labels.GetLength(1)}, V], as labels", ShapeException.Text(logits));

        using var scope = NewDisposeScope();
        var (places, targets) = (new List<long>(), new List<long>());
        var length = labels.GetLength(1);
        for (var row = 0; row < labels.GetLength(0); row++)
            for (var t = 1; t < length; t++)
                if (labels[row, t] != Ignored)
                {
                    places.Add((long)row * length + t - 1);
                    targets.Add(labels[row, t]);
                }
        if (places.Count == 0) throw new VrpException("The loss of a batch without labels is undefined; "
            + "expected at least one label beyond the first position.");

        var predicted = logits.reshape(-1, logits.shape[2]).index_select(0, tensor(places.ToArray()).to(logits.device)).to(ScalarType.Float32);     // [N,V]
        var target = tensor(targets.ToArray()).to(logits.device).unsqueeze(-1);
        return predicted.log_softmax(-1).gather(-1, target).mean().neg().MoveToOuterDisposeScope();
    }
}
