using System.Text;

namespace Vrp.Models;

/// <summary>A Jinja template cut into texts and tags. What does not change the rendering is evened out: comments, <c>{% generation %}</c> marks, whitespace
/// within tags, whitespace that <c>-</c>, trim_blocks or lstrip_blocks take away (transformers sets both), and the two ways to write a string.</summary>
static class TemplateSegments
{
    public static IReadOnlyList<string> Of(string template)
    {
        template = template.ReplaceLineEndings("\n").TrimEnd('\n');
        List<string> segments = [];
        var text = new StringBuilder();
        for (var at = 0; at < template.Length;)
        {
            var open = NextTag(template, at);
            text.Append(template, at, open - at);
            if (open == template.Length) break;

            var kind = template[open + 1];   // % statement, { expression, # comment
            var close = End(template, open, kind);
            if (close < 0)
            {
                text.Append(template, open, template.Length - open);   // an unclosed tag: not a template, compared as it is
                break;
            }

            at = close + 2;
            if (template[open + 2] == '-') TrimEnd(text, c => char.IsWhiteSpace(c));
            else if (kind != '{') TrimLineStart(text);
            if (template[close - 1] == '-') while (at < template.Length && char.IsWhiteSpace(template[at])) at++;
            else if (kind != '{' && at < template.Length && template[at] == '\n') at++;

            var inner = Even(template[(open + 2)..close].Trim('-'));
            if (kind == '#' || kind == '%' && inner is "generation" or "endgeneration") continue;
            Flush();
            segments.Add(kind == '%' ? $"{{% {inner} %}}" : $"{{{{ {inner} }}}}");
        }

        Flush();
        return segments;

        void Flush()
        {
            if (text.Length > 0) segments.Add(text.ToString().Replace("\n", "\\n", StringComparison.Ordinal));
            text.Clear();
        }
    }

    static int NextTag(string template, int from)
    {
        for (var at = from; at + 2 < template.Length; at++)
            if (template[at] == '{' && template[at + 1] is '%' or '{' or '#') return at;
        return template.Length;
    }

    /// <summary>Where the tag's closing pair begins, strings skipped; -1 when it is not closed.</summary>
    static int End(string template, int open, char kind)
    {
        var closing = kind == '{' ? '}' : kind;
        var quote = '\0';
        for (var at = open + 2; at + 1 < template.Length; at++)
        {
            var c = template[at];
            if (quote != '\0')
            {
                if (c == '\\') at++;
                else if (c == quote) quote = '\0';
            }
            else if (kind != '#' && c is '\'' or '"') quote = c;
            else if (c == closing && template[at + 1] == '}') return at;
        }

        return -1;
    }

    /// <summary>A tag's inside with single blanks, no blanks at its ends, and strings in single quotes with <c>\n</c> for newlines.</summary>
    static string Even(string inner)
    {
        var even = new StringBuilder();
        var quote = '\0';
        foreach (var c in inner)
        {
            if (quote != '\0')
            {
                even.Append(c == '\n' ? "\\n" : c == quote ? "'" : c.ToString());
                if (c == quote) quote = '\0';
            }
            else if (c is '\'' or '"')
            {
                even.Append('\'');
                quote = c;
            }
            else if (!char.IsWhiteSpace(c)) even.Append(c);
            else if (even.Length > 0 && even[^1] != ' ') even.Append(' ');
        }

        return even.ToString().TrimEnd();
    }

    static void TrimEnd(StringBuilder text, Func<char, bool> goes)
    {
        while (text.Length > 0 && goes(text[^1])) text.Length--;
    }

    /// <summary>lstrip_blocks: blanks between the line's beginning and the tag go.</summary>
    static void TrimLineStart(StringBuilder text)
    {
        var kept = text.ToString().TrimEnd(' ', '\t');
        if (kept.EndsWith('\n')) text.Length = kept.Length;
    }
}
