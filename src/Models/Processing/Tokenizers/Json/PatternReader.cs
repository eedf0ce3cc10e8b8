using Vrp.Models.Processing.Tokenizers.Patterns;

namespace Vrp.Models.Processing.Tokenizers.Json;

/// <summary>Reads <c>{"String": "…"}</c> or <c>{"Regex": "…"}</c>.</summary>
static class PatternReader
{
    /// <returns>The pattern, and the literal when it is one.</returns>
    public static (TextPattern Pattern, string? Literal) Read(JsonSection owner)
    {
        var section = owner.Object("pattern");
        var (literal, regex) = (section.OptionalText("String"), section.OptionalText("Regex"));
        section.End();
        if (literal is null == regex is null) throw section.Error("expected either String or Regex.");
        if (literal is { Length: 0 }) throw section.Unsupported("an empty pattern", "patterns that match at least one character");
        if (literal is not null) return (new LiteralPattern(literal), literal);
        try
        {
            return (new RegexPattern(regex!), null);
        }
        catch (FormatException e)
        {
            throw section.Error($"{e.Message}.", "Regex", e);
        }
    }
}
