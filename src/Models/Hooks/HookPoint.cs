using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>One named place in a forward pass (docs/hooks.md). Model code calls <see cref="At"/> with the tensor that lies there and goes on with what it
/// returns: the same object when nothing was asked for, which costs one comparison; otherwise the tensor after the interventions of this forward.</summary>
public sealed class HookPoint
{
    readonly HookRegistry registry;

    internal HookPoint(HookRegistry registry, string name, int index, int unitAxis) =>
        (this.registry, Name, Index, UnitAxis) = (registry, name, index, unitAxis);

    /// <summary>The full name, <c>blocks.3.mlp.out</c>.</summary>
    public string Name { get; }

    internal int Index { get; }

    /// <summary>The dimension that an intervention's units count along: the last, but the heads of an attention map.</summary>
    internal int UnitAxis { get; }

    /// <summary>What this forward wants of this point, so that model code can leave out what nobody looks at (a T×T attention map).</summary>
    internal HookNeed Need => registry.Session?.NeedAt(this) ?? HookNeed.None;

    internal Tensor At(Tensor x) => registry.Session is { } session ? session.Visit(this, x) : x;
}
