using System.Text;

namespace Vrp.Models.Tokenizing.Unicode;

/// <summary>Text that UTF-8 can hold.</summary>
static class WellFormed
{
    /// <summary>The text with every lone surrogate replaced by U+FFFD. The reference takes UTF-8, where lone surrogates do not exist.</summary>
    public static string Of(string text)
    {
        var bad = FirstLoneSurrogate(text, 0);
        if (bad < 0) return text;

        var fixedText = new StringBuilder(text);
        for (; bad >= 0; bad = FirstLoneSurrogate(text, bad + 1)) fixedText[bad] = '\uFFFD';
        return fixedText.ToString();
    }

    static int FirstLoneSurrogate(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }

        return -1;
    }

    /// <summary>The code point at a position of well-formed text, and its length in UTF-16 units.</summary>
    public static int CodePointAt(ReadOnlySpan<char> text, int position, out int length)
    {
        var c = text[position];
        length = char.IsHighSurrogate(c) ? 2 : 1;
        return length == 2 ? char.ConvertToUtf32(c, text[position + 1]) : c;
    }

    /// <summary>The position of the code point that ends where <paramref name="position"/> begins.</summary>
    public static int Before(string text, int position) => position - (char.IsLowSurrogate(text[position - 1]) ? 2 : 1);
}
