namespace Vrp.Models.Hooks;

/// <summary>Which positions of the sequence a capture or an intervention is about.</summary>
public enum Positions
{
    All,

    /// <summary>The last one: where the next token is decided, in a prompt padded on the left.</summary>
    Last,
}
