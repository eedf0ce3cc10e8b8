namespace Vrp.Harness.Intervening;

/// <summary>How an arm's units were chosen; on other images, always.</summary>
public enum UnitSelection
{
    /// <summary>The first k of the ranking.</summary>
    Top,

    /// <summary>The last k.</summary>
    Bottom,

    /// <summary>k at random.</summary>
    Random,

    /// <summary>k at random with about the activation norm of the first k.</summary>
    Matched,
}
