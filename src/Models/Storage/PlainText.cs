using System.Text;

namespace Vrp.Models.Storage;

/// <summary>Text for one line of a message. It may quote a file that holds terminal escapes or megabytes.</summary>
public static class PlainText
{
    /// <summary>Longest message, in characters.</summary>
    public const int Longest = 500;

    /// <summary>The text on one line: white space runs together, other control characters and halves of surrogate pairs become U+FFFD. One that is too long
    /// loses its middle: its beginning names the file, its end says what to do.</summary>
    public static string Line(string text, int longest = Longest)
    {
        if (text.Length <= longest && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c) || IsBreak(c))) return text;
        var line = new StringBuilder();
        foreach (var rune in Cut(text, 8 * longest).EnumerateRunes())
        {
            var blank = rune.Value is '\n' or '\r' or '\t' or ' ' || (rune.IsBmp && IsBreak((char)rune.Value));
            if (!blank) line.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString());
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }
        return Cut(line.ToString().TrimEnd(), longest);
    }

    static string Cut(string text, int longest)
    {
        if (text.Length <= longest) return text;
        int head = longest * 3 / 5, tail = longest - head - 3;
        if (char.IsLowSurrogate(text[head])) head--;
        if (char.IsLowSurrogate(text[^tail])) tail--;
        return $"{text[..head].TrimEnd()} … {text[^tail..].TrimStart()}";
    }

    static bool IsBreak(char c) => c is '\u0085' or '\u2028' or '\u2029';
}
