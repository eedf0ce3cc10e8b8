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

/// <summary>How much of a hook point's tensor one forward needs.</summary>
enum HookNeed
{
    None,

    /// <summary>A capture of the last position, and nothing that changes the tensor.</summary>
    LastPosition,

    /// <summary>A capture of all positions, or an intervention.</summary>
    Everything,
}

/// <summary>A prefix under which a module declares its hook points, as <c>hooks["attn"].Point("out")</c> declares <c>blocks.3.attn.out</c>.</summary>
public readonly struct HookScope
{
    readonly HookRegistry registry;
    readonly string prefix;

    internal HookScope(HookRegistry registry, string prefix) => (this.registry, this.prefix) = (registry, prefix);

    /// <summary>The scope below this one.</summary>
    public HookScope this[string name] => new(registry, $"{prefix}{name}.");

    /// <summary>Declares a point. <paramref name="unitAxis"/> is the dimension that units count along.</summary>
    public HookPoint Point(string name, int unitAxis = -1) => registry.Add(prefix + name, unitAxis);
}
