using System.Globalization;
using Vrp.Models.Processing.Tokenizers.Unicode;

namespace Vrp.Models.Processing.Tokenizers.Patterns;

/// <summary>Reads a split pattern. Supported: literals; <c>\r \n \t \f \v \a \e \xHH \uHHHH</c> and escaped punctuation; <c>\s \S \d \D \p{X} \P{X}</c>
/// with X a one- or two-letter general category; <c>[…]</c> and <c>[^…]</c> of these with ranges; <c>(…) (?:…) (?i:…) (?=…) (?!…)</c>, <c>|</c>; and
/// <c>* + ? {m} {m,} {m,n}</c> on single characters and classes. Everything else is refused by name rather than read differently from Oniguruma.</summary>
sealed class RegexParser
{
    /// <summary>A part of the expression, to be compiled in front of what follows it; and the fewest characters it takes.</summary>
    readonly record struct Part(Func<RegexNode, RegexNode> Before, int MinLength, CharacterSet? Set = null);

    readonly string pattern;
    int at;
    bool ignoreCase;
    char lastLiteral;   // the literal just before, under (?i:…): some pairs fold to one character

    RegexParser(string pattern) => this.pattern = pattern;

    /// <summary>The compiled expression.</summary>
    /// <exception cref="FormatException">It is malformed, leaves the subset, or can match empty text.</exception>
    public static RegexNode Parse(string pattern)
    {
        var parser = new RegexParser(pattern);
        var whole = parser.Alternatives();
        if (parser.at < pattern.Length) throw parser.Refused("an unmatched ')'");
        if (whole.MinLength == 0) throw new FormatException($"the regular expression {pattern} can match empty text, which is not supported");
        return whole.Before(new RegexNode.Accept());
    }

    bool More => at < pattern.Length;

    char Take() => More ? pattern[at++] : throw Refused("the expression ends too early");

    bool Take(string token)
    {
        if (string.CompareOrdinal(pattern, at, token, 0, token.Length) != 0) return false;
        at += token.Length;
        return true;
    }

    FormatException Refused(string what) => new($"the regular expression {pattern} has, at character {at}, {what}; supported are literals, classes, \\s \\S \\d \\D \\p{{X}}, groups, (?i:…), lookahead and greedy repetition of single characters");

    Part Alternatives()
    {
        List<Part> parts = [Sequence()];
        while (Take("|")) parts.Add(Sequence());
        return parts.Count == 1 ? parts[0] : new(next => new RegexNode.Alternation([.. parts.Select(part => part.Before(next))]), parts.Min(part => part.MinLength));
    }

    Part Sequence()
    {
        List<Part> parts = [];
        lastLiteral = '\0';
        while (More && pattern[at] is not ('|' or ')')) parts.Add(Repeated(Item()));
        return new(next => Enumerable.Reverse(parts).Aggregate(next, (rest, part) => part.Before(rest)), parts.Sum(part => part.MinLength));
    }

    Part Repeated(Part item)
    {
        int min, max;
        if (Take("*")) (min, max) = (0, int.MaxValue);
        else if (Take("+")) (min, max) = (1, int.MaxValue);
        else if (Take("?")) (min, max) = (0, 1);
        else if (Take("{")) (min, max) = Bounds();
        else return item;

        if (item.Set is not { } set) throw Refused("a repeated group");
        if (More && pattern[at] is '?' or '+' or '*' or '{') throw Refused("a lazy, possessive or doubled repetition");
        lastLiteral = '\0';
        return new(next => new RegexNode.Repeat(set, min, max, next), min);
    }

    (int, int) Bounds()
    {
        var close = pattern.IndexOf('}', at);
        if (close < 0) throw Refused("an unclosed '{'");
        var bounds = pattern[at..close].Split(',');
        if (bounds.Length > 2 || !int.TryParse(bounds[0], NumberStyles.None, CultureInfo.InvariantCulture, out var min)) throw Refused("a repetition that is not {m}, {m,} or {m,n}");
        var max = min;
        if (bounds.Length == 2 && bounds[1].Length == 0) max = int.MaxValue;
        else if (bounds.Length == 2 && !int.TryParse(bounds[1], NumberStyles.None, CultureInfo.InvariantCulture, out max)) throw Refused("a repetition that is not {m}, {m,} or {m,n}");
        if (max < min) throw Refused("a repetition whose bounds are reversed");
        at = close + 1;
        return (min, max);
    }

    Part Item()
    {
        if (Take("(?:")) return Group(ignoreCase);
        if (Take("(?i:")) return Group(true);
        if (Take("(?=")) return Look(false);
        if (Take("(?!")) return Look(true);
        if (Take("(?")) throw Refused("a group of an unsupported kind");
        if (Take("(")) return Group(ignoreCase);
        if (Take("[")) return One(Class());
        if (pattern[at] is '.' or '^' or '$' or '*' or '+' or '?' or '{') throw Refused($"'{pattern[at]}'");
        if (pattern[at] == '\\') return One(Escape(out var literal, inClass: false) is { } set ? set : Letter(literal));
        var c = WellFormed.CodePointAt(pattern, at, out var length);
        at += length;
        return One(Letter(c));
    }

    Part Group(bool folds)
    {
        var outer = ignoreCase;
        ignoreCase = folds;
        var inner = Alternatives();
        ignoreCase = outer;
        lastLiteral = '\0';
        if (!Take(")")) throw Refused("an unclosed group");
        return new(inner.Before, inner.MinLength);
    }

    Part Look(bool negative)
    {
        var condition = Group(ignoreCase).Before(new RegexNode.Accept());
        return new(next => new RegexNode.Lookahead(condition, negative, next), 0);
    }

    static Part One(Func<int, bool> rule)
    {
        var set = new CharacterSet(rule);
        return new(next => new RegexNode.Repeat(set, 1, 1, next), 1, set);
    }

    /// <summary>A literal; under <c>(?i:…)</c> with its case variants: for ASCII letters the other case, U+017F for s and U+212A for k.</summary>
    Func<int, bool> Letter(int c)
    {
        if (!ignoreCase) return x => x == c;
        if (c > 127) throw Refused("a letter beyond ASCII under (?i:…)");
        if (!char.IsAsciiLetter((char)c))
        {
            lastLiteral = '\0';
            return x => x == c;
        }

        var lower = char.ToLowerInvariant((char)c);
        if ((lastLiteral, lower) is ('s', 's') or ('s', 't') or ('f', 'f') or ('f', 'i') or ('f', 'l')) throw Refused("letters under (?i:…) that also fold to one ligature");
        lastLiteral = lower;
        var upper = char.ToUpperInvariant(lower);
        var foreign = lower switch { 's' => 0x17F, 'k' => 0x212A, _ => lower };
        return x => x == lower || x == upper || x == foreign;
    }

    Func<int, bool> Class()
    {
        if (ignoreCase) throw Refused("a class under (?i:…)");
        var negated = Take("^");
        List<Func<int, bool>> rules = [];
        while (!Take("]"))
        {
            if (More && pattern[at] == '[' || Take("&&")) throw Refused("a nested class, a POSIX class or an intersection");
            if (Member(out var low) is { } set)
            {
                rules.Add(set);
                continue;
            }

            if (pattern.AsSpan(at) is ['-', not ']', ..])
            {
                at++;
                if (Member(out var high) is not null || high < low) throw Refused("a range whose ends are not two characters in order");
                rules.Add(x => low <= x && x <= high);
                continue;
            }

            rules.Add(x => x == low);
        }

        if (rules.Count == 0) throw Refused("an empty class");
        var all = rules.ToArray();
        return x => Array.Exists(all, rule => rule(x)) != negated;
    }

    Func<int, bool>? Member(out int literal)
    {
        if (!More) throw Refused("an unclosed class");
        if (pattern[at] == '\\') return Escape(out literal, inClass: true);
        literal = WellFormed.CodePointAt(pattern, at, out var length);
        at += length;
        return null;
    }

    /// <summary>An escape: a class as a rule, or null and the character it stands for.</summary>
    Func<int, bool>? Escape(out int literal, bool inClass)
    {
        at++;
        var c = Take();
        literal = c;
        switch (c)
        {
            case 'r': literal = '\r'; return null;
            case 'n': literal = '\n'; return null;
            case 't': literal = '\t'; return null;
            case 'f': literal = '\f'; return null;
            case 'v': literal = '\v'; return null;
            case 'a': literal = '\a'; return null;
            case 'e': literal = '\e'; return null;
            case 'x': literal = Hex(2); return null;
            case 'u': literal = Hex(4); return null;
            case 's': return CodePoints.IsWhiteSpace;
            case 'S': return x => !CodePoints.IsWhiteSpace(x);
            case 'd': return x => CodePoints.IsIn(x, 1 << (int)UnicodeCategory.DecimalDigitNumber);
            case 'D': return x => !CodePoints.IsIn(x, 1 << (int)UnicodeCategory.DecimalDigitNumber);
            case 'p' or 'P':
                var mask = Category();
                return x => CodePoints.IsIn(x, mask) == (c == 'p');
            default:
                if (c > 127 || char.IsAsciiLetterOrDigit(c)) throw Refused($"the escape \\{c}{(inClass ? " in a class" : "")}");
                return null;
        }
    }

    int Hex(int digits)
    {
        if (at + digits > pattern.Length || !int.TryParse(pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || digits == 2 && value > 127 || value is >= 0xD800 and < 0xE000)
            throw Refused("an escape that is not \\x00 to \\x7F or \\uHHHH");
        at += digits;
        return value;
    }

    int Category()
    {
        var close = pattern.IndexOf('}', at);
        if (!Take("{") || close < 0) throw Refused("\\p without {…}");
        var name = pattern[at..close];
        at = close + 1;
        string[] order = ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];
        var mask = order.Select((category, bit) => name.Length is 1 or 2 && category.StartsWith(name, StringComparison.Ordinal) ? 1 << bit : 0).Sum();   // order is UnicodeCategory's
        return mask != 0 ? mask : throw Refused($"the property \\p{{{name}}}");
    }
}
