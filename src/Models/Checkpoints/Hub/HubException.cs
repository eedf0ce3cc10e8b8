namespace Vrp.Models.Checkpoints.Hub;

/// <summary>What kept a file of the hub from being fetched.</summary>
public enum HubProblem
{
    /// <summary>No such repository, or none that this token may see: the hub tells neither from the other.</summary>
    RepositoryNotFound,
    RevisionNotFound,
    FileNotFound,

    /// <summary>The repository's terms have to be accepted first.</summary>
    Gated,
    WrongToken,

    /// <summary>Withdrawn by the hub.</summary>
    Disabled,
    RateLimited,
    Unreachable,

    /// <summary>What answers is no hub, or a proxy between.</summary>
    NotAHub,

    /// <summary>The bytes are not those that were announced.</summary>
    Damaged,

    /// <summary>A name or hash that leads out of the cache.</summary>
    Hostile,
    DiskFull,
    CacheUnwritable,
    Offline,

    /// <summary>A repository without safetensors of a model.</summary>
    NoWeights,
}

/// <summary>A fetch that failed; the message says what to do. What was received whole, or in part, is kept.</summary>
public sealed class HubException(HubProblem problem, string message, Exception? inner = null) : VrpException(message, inner)
{
    public HubProblem Problem { get; } = problem;
}
