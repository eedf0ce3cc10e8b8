using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vrp.Models.Tokenizing.Patterns;

/// <summary>Lets through the expressions that Oniguruma and .NET read alike, as tokenizers' split patterns use them, and writes them for .NET.</summary>
/// <remarks>Admitted: literals; <c>\r \n \t \f \v \a \e \xHH \uHHHH</c> and escaped punctuation; <c>\s \S \d \D \p{X} \P{X}</c> with X a one- or two-letter
/// general category; <c>[…]</c> and <c>[^…]</c> of these with ranges, a bare <c>-</c> first or last; <c>(…) (?:…) (?i:…) (?=…) (?!…)</c>, <c>|</c>; <c>* + ?
/// {m} {m,} {m,n}</c> on single characters and classes, <c>?</c> on groups. Everything else is refused with its place: the two would read it differently (<c>\w
/// \b \h . ^ $</c>, possessive and doubled repetition, POSIX classes), or nobody compared them.</remarks>
static class SharedSyntax
{
    /// <summary>Characters of a pattern, groups within each other: beyond these nobody's split pattern, but somebody's attack on the stack.</summary>
    public const int Longest = 10_000, Deepest = 100;

    const string Escaped = @"\\(?:[aefnrtv!-/:-@[-`{-~]|x[0-7][0-9A-Fa-f]|u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})";
    const string Member = @$"(?:{Escaped}|(?!&&)[^\\[\]\-\uD800-\uDFFF])";
    const string Set = @"\\(?:[sSdD]|[pP]\{(?:L[ultmo]?|M[nce]?|N[dlo]?|Z[slp]?|C[cfson]?|P[cdseifo]?|S[mcko]?)\})";
    const string Repetition = @"(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})(?![*+?{])";

    const string Class = @$"\[\^?(?!\])(?<range>-)?(?>(?:{Set}|(?<range>{Member}(?:-{Member})?))*)(?<range>-)?\]";
    const string Literal = @$"{Escaped}|[^\\.^$*+?{{[()|\uD800-\uDFFF]";

    static readonly Regex token = new(
        @$"\G(?:(?<open>\((?!\?)|\(\?(?:i?:|[=!]))|(?<close>\)(?:\?(?![*+?{{]))?)|(?<or>\|)|"
        + @$"(?:(?<set>{Class}|{Set})|(?<literal>{Literal}))(?<repeat>{Repetition})?)",
        RegexOptions.CultureInvariant);

    static readonly Regex member = new(Member, RegexOptions.CultureInvariant);

    /// <summary>What is known of a group so far: the fewest characters of its earlier alternatives and of the one at hand.</summary>
    readonly record struct Group(bool IsLookahead, bool IgnoresCase, int Shortest = int.MaxValue, int Length = 0)
    {
        public int MinLength => Math.Min(Shortest, Length);

        public Group Plus(int length) => this with { Length = Length + length };
    }

    /// <returns>The expression for .NET, and the characters that it mentions by themselves or in ranges.</returns>
    /// <exception cref="FormatException">It leaves the subset or can match empty text.</exception>
    public static (string Pattern, IReadOnlyList<(char First, char Last)> Mentioned) Read(string pattern)
    {
        if (pattern.Length > Longest)
            throw new FormatException($"the regular expression {Short(pattern)} has more than {Longest} characters, which is not supported");
        var written = new StringBuilder();
        List<(char First, char Last)> mentioned = [];
        Stack<Group> outer = [];
        var group = new Group(false, false);
        for (int at = 0, length; at < pattern.Length; at += length)
        {
            var match = token.Match(pattern, at);
            var (text, groups) = (match.Value, match.Groups);
            length = text.Length;
            if (!match.Success || text[0] == ')' && outer.Count == 0) throw Refused(at);
            if (groups["open"].Success)
            {
                if (outer.Count == Deepest)
                    throw new FormatException($"the regular expression {Short(pattern)} nests more than {Deepest} groups, which is not supported");
                outer.Push(group);
                group = new(text is "(?=" or "(?!", group.IgnoresCase || text == "(?i:");
                written.Append(group.IsLookahead ? text : "(?:");
            }
            else if (text[0] == ')')
            {
                if (group.IsLookahead && length > 1) throw Refused(at);
                written.Append(text);
                group = outer.Pop().Plus(group.IsLookahead || length > 1 ? 0 : group.MinLength);
            }
            else if (groups["or"].Success)
            {
                written.Append('|');
                group = group with { Shortest = group.MinLength, Length = 0 };
            }
            else
            {
                if (group.IgnoresCase && (groups["set"].Success || !FoldsSimply(pattern, at))) throw Refused(at);
                foreach (Capture range in groups["range"].Captures)
                {
                    var ends = range.Value == "-" ? [range.Value] : member.Matches(range.Value).Select(end => end.Value).ToArray();
                    mentioned.Add((Regex.Unescape(ends[0])[0], Regex.Unescape(ends[^1])[0]));
                }

                written.Append(groups["set"].Value);
                if (groups["literal"].Success) written.Append(Variants(Regex.Unescape(groups["literal"].Value)[0], group.IgnoresCase, mentioned));
                var repeat = groups["repeat"].Value;
                written.Append(repeat);
                group = group.Plus(repeat switch
                {
                    "" or "+" => 1,
                    "*" or "?" => 0,
                    _ => int.Parse(repeat[1..].Split(',', '}')[0], NumberStyles.None, CultureInfo.InvariantCulture),
                });
            }
        }

        if (outer.Count > 0) throw new FormatException($"the regular expression {Short(pattern)} has an unclosed group");
        if (group.MinLength == 0) throw new FormatException($"the regular expression {Short(pattern)} can match empty text, which is not supported");
        return (written.ToString(), mentioned);

        FormatException Refused(int at) =>
            new($"the regular expression {Short(pattern)} has, at character {at}, {Short(pattern[at..], 20)}, which is not supported; supported are literals, "
            + "classes, \\s \\S \\d \\D \\p{X}, groups, (?i:…) of ASCII letters, lookahead and greedy repetition of single characters");
    }

    /// <summary>A pattern as messages show it.</summary>
    public static string Short(string pattern, int length = 200) => pattern.Length <= length ? pattern : $"{pattern[..length]}…";

    /// <summary>A literal; under <c>(?i:…)</c> with its case variants, which .NET lacks in part: for ASCII letters the other case, U+017F for s and U+212A for
    /// k.</summary>
    static string Variants(char c, bool ignoresCase, List<(char, char)> mentioned)
    {
        var variants = !ignoresCase || !char.IsAsciiLetter(c) ? $"{c}"
            : char.ToLowerInvariant(c) switch { 's' => "sS\u017F", 'k' => "kK\u212A", var lower => $"{lower}{char.ToUpperInvariant(lower)}" };
        foreach (var variant in variants) mentioned.Add((variant, variant));
        return $"[{string.Concat(variants.Select(variant => FormattableString.Invariant($"\\u{(int)variant:X4}")))}]";
    }

    /// <summary>Whether case folding takes this literal character by character: ASCII, no letter as an escape, no pair that also folds to one ligature (ß ﬀ ﬁ ﬂ
    /// ﬆ).</summary>
    static bool FoldsSimply(string pattern, int at) =>
        pattern[at] < 128 && (pattern[at] != '\\' || !char.IsAsciiLetterOrDigit(pattern[at + 1]))
        && !(at + 1 < pattern.Length
            && (char.ToLowerInvariant(pattern[at]), char.ToLowerInvariant(pattern[at + 1])) is ('s', 's' or 't') or ('f', 'f' or 'i' or 'l'));
}
