namespace Vrp.Harness.Intervening;

/// <summary>What an arm changes.</summary>
public enum InterventionPart
{
    /// <summary>Nothing: the answer that all others are compared with.</summary>
    None,

    /// <summary>Patches of the picture.</summary>
    Masking,

    /// <summary>Coordinates of one block's MLP output.</summary>
    Ablation,
}
