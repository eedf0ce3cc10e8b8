namespace Vrp.Models.Hooks;

/// <summary>A capture or an intervention at a point that exists but did not run in this forward (a vision block without an image, a block below the restart).
/// Its result would be an unchanged model or an empty trace, which a study must never take for a finding.</summary>
public sealed class HookNotReachedException(string request, IEnumerable<string> points)
    : VrpException($"'{request}' did nothing: the forward did not pass {string.Join(", ", points.Take(4))}. "
        + "Give an input that reaches it (vision.* and image_features need an image; a restart passes only its own blocks), or drop the request.");
