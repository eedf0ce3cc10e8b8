using TorchSharp;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Engine;
using static TorchSharp.torch;

namespace Vrp.Harness.Intervening;

/// <summary>Of many rows of logits: the best token, P(yes) and P(no). Reduced on the model's device: a thousand rows of a vocabulary of 150,000 are 600
/// MB.</summary>
/// <param name="Best">The most likely token (the lowest id of equals).</param>
/// <param name="Yes">Probability of all tokens that say yes.</param>
/// <param name="No">Probability of all tokens that say no.</param>
sealed record FirstTokenScores(int[] Best, float[] Yes, float[] No)
{
    /// <param name="logits">[rows,V]</param>
    /// <param name="words">The vocabulary.</param>
    public static FirstTokenScores Of(Tensor logits, AnswerWords words)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to(ScalarType.Float32);
        var normaliser = wide.logsumexp(-1, keepdim: true);                              // [rows,1]
        if (normaliser.cpu().data<float>().ToArray().Any(value => !float.IsFinite(value)))
            throw new VrpException("The model's logits are not finite in an intervention. Try --dtype float32: half precision may overflow in this model.");
        float[] Sum(IReadOnlyList<int> ids) => ids.Count == 0 ? new float[logits.shape[0]]
            : (wide.index_select(1, tensor(ids.Select(id => (long)id).ToArray()).to(wide.device)) - normaliser).exp().sum(-1).AtMost(1).cpu().data<float>()
                .ToArray();
        return new FirstTokenScores([.. wide.argmax(-1).cpu().data<long>().ToArray().Select(id => (int)id)], Sum(words.Yes), Sum(words.No));
    }
}
