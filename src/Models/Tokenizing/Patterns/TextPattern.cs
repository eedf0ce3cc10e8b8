using System.Text;
using Vrp.Models.Tokenizing.Json;

namespace Vrp.Models.Tokenizing.Patterns;

/// <summary>Something to look for in text: a literal or a regular expression.</summary>
abstract class TextPattern
{
    /// <summary>Reads an owner's <c>pattern</c>: <c>{"String": "…"}</c> or <c>{"Regex": "…"}</c>.</summary>
    /// <returns>The pattern, and the literal when it is one.</returns>
    public static (TextPattern Pattern, string? Literal) Read(JsonSection owner)
    {
        var section = owner.Object("pattern");
        var (literal, regex) = (section.OptionalText("String"), section.OptionalText("Regex"));
        section.End();
        if (literal is null == regex is null) throw section.Error("expected either String or Regex.");
        if (literal is { Length: 0 }) throw section.Unsupported("an empty pattern", "patterns that match at least one character");
        return literal is not null ? (new LiteralPattern(literal), literal) : (new RegexPattern(regex!, section.Source, $"{section.Place}.Regex"), null);
    }

    /// <summary>The matches from left to right; none is empty, none overlaps another.</summary>
    protected abstract IEnumerable<(int Start, int End)> Matches(string text);

    /// <summary>The whole text in order, as matches and what lies between them; no slice is empty.</summary>
    public IEnumerable<(int Start, int End, bool IsMatch)> Slices(string text)
    {
        var done = 0;
        foreach (var (start, end) in Matches(text))
        {
            if (done < start) yield return (done, start, false);
            yield return (start, end, true);
            done = end;
        }

        if (done < text.Length) yield return (done, text.Length, false);
    }

    /// <summary>The text with every match replaced by a fixed content (no group references, as in the reference).</summary>
    public virtual string Replace(string text, string content)
    {
        var replaced = new StringBuilder(text.Length);
        foreach (var (start, end, isMatch) in Slices(text))
            if (isMatch) replaced.Append(content);
            else replaced.Append(text, start, end - start);
        return replaced.ToString();
    }
}

/// <summary>A fixed string, compared by code unit. <paramref name="literal"/> is not empty.</summary>
sealed class LiteralPattern(string literal) : TextPattern
{
    protected override IEnumerable<(int Start, int End)> Matches(string text)
    {
        for (var at = 0; text.IndexOf(literal, at, StringComparison.Ordinal) is >= 0 and var start; at = start + literal.Length)
            yield return (start, start + literal.Length);
    }

    public override string Replace(string text, string content) => text.Replace(literal, content, StringComparison.Ordinal);
}
