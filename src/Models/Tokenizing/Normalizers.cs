using Vrp.Models.Tokenizing.Json;
using Vrp.Models.Tokenizing.Patterns;
using Vrp.Models.Tokenizing.Unicode;

namespace Vrp.Models.Tokenizing;

/// <summary>A rewriting of text before it is split.</summary>
interface INormalizer
{
    string Normalize(string text);

    /// <summary>Whether each code point becomes exactly one, so that the beginning of a text is still its beginning.</summary>
    bool KeepsPositions { get; }
}

/// <summary>Reads the <c>normalizer</c> of a tokenizer.json.</summary>
static class NormalizerReader
{
    public static INormalizer Read(JsonSection section)
    {
        INormalizer normalizer = section.Text("type") switch
        {
            "Sequence" => new SequenceNormalizer([.. section.Objects("normalizers").Select(Read)]),
            "Prepend" => new PrependNormalizer(section.Text("prepend")),
            "Replace" => Replace(section),
            "NFC" => new NfcNormalizer(),
            var other => throw section.Unsupported($"the normalizer {other}", "Sequence, Prepend, Replace, NFC"),
        };
        section.End();
        return normalizer;
    }

    static ReplaceNormalizer Replace(JsonSection section)
    {
        var (pattern, literal) = TextPattern.Read(section);
        return new(pattern, literal, section.Text("content"));
    }
}

/// <summary>Normalizers one after the other.</summary>
sealed record SequenceNormalizer(IReadOnlyList<INormalizer> Steps) : INormalizer
{
    public string Normalize(string text) => Steps.Aggregate(text, (current, step) => step.Normalize(current));

    public bool KeepsPositions => Steps.All(step => step.KeepsPositions);
}

/// <summary>Puts a string before text that is not empty (LLaMA's leading ▁).</summary>
sealed record PrependNormalizer(string Prefix) : INormalizer
{
    public string Normalize(string text) => text.Length == 0 ? text : Prefix + text;

    public bool KeepsPositions => false;
}

/// <summary>Replaces every match of a pattern (of <paramref name="Literal"/> where it is one).</summary>
sealed record ReplaceNormalizer(TextPattern Pattern, string? Literal, string Content) : INormalizer
{
    public string Normalize(string text) => Pattern.Replace(text, Content);

    public bool KeepsPositions => Literal is not null && Literal.EnumerateRunes().Count() == 1 && Content.EnumerateRunes().Count() == 1;
}

/// <summary>Unicode normalization form C.</summary>
sealed record NfcNormalizer : INormalizer
{
    public string Normalize(string text) => NormalizationFormC.Of(text);

    public bool KeepsPositions => false;
}
