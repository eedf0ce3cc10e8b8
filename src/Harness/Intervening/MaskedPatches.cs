namespace Vrp.Harness.Intervening;

/// <summary>Which cells of the picture an arm hides.</summary>
public enum MaskedPatches
{
    /// <summary>None: the picture as it is, by the same way through preprocessing and vision tower.</summary>
    Full,

    /// <summary>The most attended 30 % of the cells.</summary>
    High,

    /// <summary>The least attended 30 %, as many as in <see cref="High"/>.</summary>
    Low,

    /// <summary>As many cells, drawn at random per image: its questions see the same ones, and share what is computed of it.</summary>
    Random,
}
