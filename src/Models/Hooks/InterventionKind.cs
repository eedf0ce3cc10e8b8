namespace Vrp.Models.Hooks;

/// <summary>What an intervention does to its units.</summary>
public enum InterventionKind
{
    /// <summary>Sets them to a number; 0 is zero ablation.</summary>
    Set,

    /// <summary>Adds a number.</summary>
    Add,

    /// <summary>Sets them to their mean over a reference set, given as data.</summary>
    Mean,

    /// <summary>Sets them to what they were on other samples, given as data.</summary>
    Resample,
}
