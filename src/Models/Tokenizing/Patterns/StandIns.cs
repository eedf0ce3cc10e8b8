using System.Globalization;
using Vrp.Models.Tokenizing.Unicode;

namespace Vrp.Models.Tokenizing.Patterns;

/// <summary>.NET's Regex classifies UTF-16 units, so that a letter beyond the BMP is no <c>\p{L}</c>. On a copy of the text where each such character is one
/// unit, a BMP character of the same category that the pattern does not mention, it decides as on code points: only categories can tell such characters apart
/// (none is white space, and <see cref="SharedSyntax"/> lets a pattern mention none).</summary>
sealed class StandIns
{
    readonly char[] ofCategory = new char[30];   // one for each UnicodeCategory, '\0' where the pattern mentions them all

    /// <param name="mentioned">The characters that the pattern names by themselves or in ranges.</param>
    public StandIns(IReadOnlyList<(char First, char Last)> mentioned)
    {
        for (var c = char.MaxValue; c > '\0'; c--)
        {
            ref var standIn = ref ofCategory[(int)CharUnicodeInfo.GetUnicodeCategory(c)];
            if (standIn == '\0' && !mentioned.Any(range => range.First <= c && c <= range.Last)) standIn = c;
        }
    }

    /// <summary>The copy, and for each of its units and its end the position in the text (null where they are the same); null without a stand-in for some
    /// character.</summary>
    public (string Units, int[]? Positions)? Of(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return (text, null);
        var (units, positions, count) = (new char[text.Length], new int[text.Length + 1], 0);
        for (int i = 0, length; i < text.Length; i += length)
        {
            var point = WellFormed.CodePointAt(text, i, out length);
            positions[count] = i;
            units[count] = length == 1 ? text[i] : ofCategory[(int)CharUnicodeInfo.GetUnicodeCategory(point)];
            if (units[count++] == '\0' && length > 1) return null;
        }

        positions[count] = text.Length;
        return (new(units, 0, count), positions);
    }
}
