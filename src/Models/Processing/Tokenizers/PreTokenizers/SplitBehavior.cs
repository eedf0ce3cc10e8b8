namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>What becomes of a match when text is split on it; "the-final--countdown" split on "-" shows each.</summary>
enum SplitBehavior
{
    /// <summary>the, final, countdown</summary>
    Removed,

    /// <summary>the, -, final, -, -, countdown</summary>
    Isolated,

    /// <summary>the-, final-, -, countdown</summary>
    MergedWithPrevious,

    /// <summary>the, -final, -, -countdown</summary>
    MergedWithNext,

    /// <summary>the, -, final, --, countdown</summary>
    Contiguous,
}
