using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models;

/// <summary>What one forward returns. The tensors belong to the caller's dispose scope; <see cref="Dispose"/> frees them earlier.</summary>
/// <param name="Logits">[B,T,V], or [B,1,V] when only the last position was asked for; in the model's dtype, on its device.</param>
/// <param name="Trace">What was captured.</param>
public sealed record ForwardResult(Tensor Logits, Trace Trace) : IDisposable
{
    public void Dispose()
    {
        Logits.Dispose();
        Trace.Dispose();
    }
}
