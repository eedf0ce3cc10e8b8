namespace Vrp.Models.Processing.Tokenizers.Normalizers;

/// <summary>A rewriting of text before it is split.</summary>
interface INormalizer
{
    string Normalize(string text);

    /// <summary>Whether each code point becomes exactly one, so that the beginning of a text is still its beginning.</summary>
    bool KeepsPositions { get; }
}
