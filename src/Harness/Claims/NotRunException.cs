using Vrp.Models;

namespace Vrp.Harness.Claims;

/// <summary>A claim cannot be judged on what is there: the message becomes the reason of the verdict <see cref="Verdict.NotRun"/>.</summary>
public sealed class NotRunException(string reason, string? settle = null) : VrpException(reason)
{
    /// <summary>What would let it run.</summary>
    public string? Settle { get; } = settle;
}
