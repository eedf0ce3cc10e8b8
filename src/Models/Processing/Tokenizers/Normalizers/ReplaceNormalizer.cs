using Vrp.Models.Processing.Tokenizers.Patterns;

namespace Vrp.Models.Processing.Tokenizers.Normalizers;

/// <summary>Replaces every match of a pattern (of <paramref name="Literal"/> where it is one).</summary>
sealed record ReplaceNormalizer(TextPattern Pattern, string? Literal, string Content) : INormalizer
{
    public string Normalize(string text) => Pattern.Replace(text, Content);

    public bool KeepsPositions => Literal is not null && Literal.EnumerateRunes().Count() == 1 && Content.EnumerateRunes().Count() == 1;
}
