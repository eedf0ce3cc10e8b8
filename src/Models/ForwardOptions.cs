using Vrp.Models.Hooks;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models;

/// <summary>What one forward shows and changes.</summary>
public sealed record ForwardOptions
{
    /// <summary>The tensors to keep.</summary>
    public IReadOnlyList<Capture> Captures { get; init; } = [];

    /// <summary>The changes to make, in this order at each point.</summary>
    public IReadOnlyList<Intervention> Interventions { get; init; } = [];

    /// <summary>Values of mean and resample interventions.</summary>
    public InterventionData? InterventionData { get; init; }

    /// <summary>Positions whose logits are computed; null: all in a forward, the last in a prefill. Of all positions they are B·T·V numbers: 600 positions of
    /// LLaVA are 77 MB in float32, of Qwen2-VL 365 MB.</summary>
    public Positions? Logits { get; init; }

    /// <summary>Whether captures are handed out as float32 on the CPU (moved once, after the forward), or as they were.</summary>
    public bool CapturesToHost { get; init; } = true;

    /// <summary>Where keys and values are kept, for a caller that goes on from this forward by itself.</summary>
    public KeyValueCache? Cache { get; init; }
}

/// <summary>What one forward returns. The tensors belong to the caller's dispose scope; <see cref="Dispose"/> frees them earlier.</summary>
/// <param name="Logits">[B,T,V], or [B,1,V] when only the last position was requested; in the model's dtype, on its device.</param>
/// <param name="Trace">What was captured.</param>
public sealed record ForwardResult(Tensor Logits, Trace Trace) : IDisposable
{
    public void Dispose()
    {
        Logits.Dispose();
        Trace.Dispose();
    }
}
