namespace Vrp.Harness.Intervening;

/// <summary>At which positions units are ablated.</summary>
public enum AblatedPositions
{
    /// <summary>The last prompt position and every position generated. Positions before it keep the states that the prompt gave them, in all families
    /// alike.</summary>
    Last,

    /// <summary>Every position of the prompt and every position generated.</summary>
    All,
}
