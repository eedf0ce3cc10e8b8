using System.Globalization;
using System.Text;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>Texts made from a seed, over all planes of Unicode.</summary>
static class RandomText
{
    static readonly (int First, int Last)[] ranges =
        [(0, 0x7F), (' ', '~'), (' ', ' '), ('\t', '\r'), (0x80, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x600, 0x6FF), (0x900, 0xDFF), (0x1100, 0x11FF),
         (0x2000, 0x206F), (0x2581, 0x2581),
         (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFE00, 0xFFFF), (0x10000, 0x10FFFF), (0x1D400, 0x1D7FF), (0x1F300, 0x1FAFF)];

    /// <summary>Up to 60 code points.</summary>
    public static string Any(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var left = random.Next(60); left > 0; left--)
        {
            var (first, last) = ranges[random.Next(ranges.Length)];
            text.Append(new Rune(random.Next(first, last + 1)));
        }

        return text.ToString();
    }

    static readonly string[] blanks =
    [
        " ", "  ", "\t", "\n", "\r\n", "\n\n ", "\v", "\f", "\u001C", "\u0085", "\u00A0", "\u1680", "\u180E", "\u2003", "\u2028", "\u200B", "\u202F",
        "\u3000", "\uFEFF", " ▁", "▁▁",
    ];

    static readonly string[] words =
    [
        "The", " photo", " shows", "snowboard's", " it'ſ", "DON'T", "we'LL", "12345", " 3.14", "Straße", "İstanbul", "ıI", "K", "ﬁ", "Ｙｅｓ", "<0x41>",
        "<unk>", "</s", "e\u0301\u0323", "각", "\u1100\u1161\u11A8", "🏳️‍🌈", "!?...", "\0",
    ];

    static readonly Lazy<int[][]> categories = new(() => [.. Enumerable.Range(0, 0x110000).Where(point => point is < 0xD800 or > 0xDFFF)
        .GroupBy(point => CharUnicodeInfo.GetUnicodeCategory(point), (_, points) => points.ToArray())]);

    /// <summary>What a tokenizer may meet: every general category alike, marks, Hangul, blanks of all kinds, words, and the tokens given, in any
    /// order.</summary>
    public static string Prompt(int seed, IReadOnlyList<string> tokens)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => random.Next(8) switch
        {
            0 when tokens.Count > 0 => tokens[random.Next(tokens.Count)],
            1 or 2 => blanks[random.Next(blanks.Length)],
            3 or 4 => words[random.Next(words.Length)],
            5 => Marks(random.Next()),
            6 => Any(random.Next()),
            _ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => categories.Value[random.Next(categories.Value.Length)])
                .Select(points => new Rune(points[random.Next(points.Length)]))),
        }));
    }

    /// <summary>Any text with lone surrogates among it.</summary>
    public static string WithLoneSurrogates(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(Any(seed));
        for (var i = 0; i < 3; i++) text.Insert(random.Next(text.Length + 1), (char)random.Next(0xD800, 0xE000));
        return text.ToString();
    }

    /// <summary>Letters with many combining marks and Hangul jamo.</summary>
    public static string Marks(int seed)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(4) switch
        {
            0 => (char)random.Next('a', 'z' + 1),
            1 => (char)random.Next(0x1100, 0x1200),
            2 => (char)random.Next(0x900, 0xA00),
            _ => (char)random.Next(0x300, 0x370),
        }));
    }
}
