namespace Vrp.Harness.Intervening;

/// <summary>What takes the place of an ablated unit's value.</summary>
public enum AblationMode
{
    /// <summary>0.</summary>
    Zero,

    /// <summary>The unit's mean over the reference samples (other images).</summary>
    Mean,

    /// <summary>The value it has on one reference sample, drawn per sample and arm; all units of an arm from the same one.</summary>
    Resample,
}
