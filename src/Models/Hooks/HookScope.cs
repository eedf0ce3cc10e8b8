namespace Vrp.Models.Hooks;

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
