namespace Vrp.Models.Hooks;

/// <summary>How much of a hook point's tensor one forward needs.</summary>
enum HookNeed
{
    None,

    /// <summary>A capture of the last position, and nothing that changes the tensor.</summary>
    LastPosition,

    /// <summary>A capture of all positions, or an intervention.</summary>
    Everything,
}
