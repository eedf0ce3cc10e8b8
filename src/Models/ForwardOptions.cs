using Vrp.Models.Hooks;
using Vrp.Models.Layers;

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
