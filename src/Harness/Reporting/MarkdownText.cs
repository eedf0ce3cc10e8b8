using System.Globalization;
using System.Text;

namespace Vrp.Harness.Reporting;

/// <summary>Text of models and data as GitHub's Markdown shows it literally, on one line, in a table's cell or out of one.</summary>
static class MarkdownText
{
    /// <summary>Characters of a cell; longer texts end with an ellipsis.</summary>
    public const int Longest = 400;

    /// <summary>Nothing in the text becomes markup, HTML, a link, a mention or a reference; control and direction characters become visible.</summary>
    public static string Escape(string text, int longest = Longest)
    {
        var result = new StringBuilder();
        var (written, previous) = (0, ' ');
        var valid = SafeJson.Valid(text);
        foreach (var (rune, at) in Places(valid))
        {
            if (written++ == longest) return result.Append('…').ToString();
            var c = rune.IsBmp ? (char)rune.Value : 'x';
            _ = c switch
            {
                '\r' => result,
                '\n' or '\t' or '\u2028' or '\u2029' or '\u0085' => previous == ' ' ? result : result.Append(' '),
                // GitHub looks for mentions, issue numbers and addresses in what Markdown has rendered already, so an entity would not stop it: a zero-width
                // space does.
                '@' or '#' => result.Append(c).Append('\u200B'),
                '.' when previous is 'w' or 'W' => result.Append("&#46;\u200B"),
                ':' when at + 1 == valid.Length || valid[at + 1] == ' ' => result.Append(c),   // no address and no emoji's name
                < ' ' => result.Append((char)(0x2400 + c)),
                '\u007F' => result.Append('\u2421'),
                (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200B' => result.Append('\uFFFD'),
                _ when rune.IsAscii && !char.IsAsciiLetterOrDigit(c)
                    && c is not (' ' or '-' or ',' or '.' or '(' or ')' or ';' or '?' or '/' or '%' or '=' or '+' or '\'') => result.Append($"&#{(int)c};"),
                _ => result.Append(rune.ToString()),
            };
            previous = c is '\n' or '\t' ? ' ' : c;
        }

        return result.ToString();
    }

    /// <summary>A name as code. Entities are not read inside a code span and mentions are not looked for, so it is not escaped: what would end the span or a
    /// table's cell is replaced.</summary>
    public static string Code(string text, int longest = 60)
    {
        var shown = new StringBuilder("`");
        foreach (var rune in SafeJson.Valid(text).EnumerateRunes().Take(longest))
            shown.Append(rune.Value switch
            {
                '`' => "'",
                '|' => "/",
                _ when Rune.IsControl(rune)
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
                _ => rune.ToString(),
            });
        return string.IsNullOrWhiteSpace(text) ? "–" : shown.Append('`').ToString();
    }

    static IEnumerable<(Rune Rune, int At)> Places(string text)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            yield return (rune, at);
            at += rune.Utf16SequenceLength;
        }
    }
}
