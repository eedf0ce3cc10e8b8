namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>When <see cref="MetaspacePreTokenizer"/> puts its mark before text that does not begin with it.</summary>
enum PrependScheme
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Only at the beginning of the input.</summary>
    First,

    /// <summary>Also after every added token.</summary>
    Always,
}
