using System.Text;

namespace Vrp.Models.Processing.Tokenizers.Patterns;

/// <summary>A regular expression over code points, with the meaning that Oniguruma gives it, for the subset that tokenizers' split patterns use
/// (<see cref="RegexParser"/>). Leftmost match, alternatives in order, greedy with backtracking.</summary>
sealed class RegexPattern : TextPattern
{
    readonly RegexNode root;

    /// <exception cref="FormatException">The expression is malformed or leaves the subset; the message says where.</exception>
    public RegexPattern(string expression) => root = RegexParser.Parse(expression);

    public override bool TryFind(string text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start += char.IsHighSurrogate(text[start]) ? 2 : 1)
            if ((end = root.Match(text, start)) >= 0) return true;
        end = -1;
        return false;
    }

    public override string Replace(string text, string content)
    {
        var replaced = new StringBuilder(text.Length);
        foreach (var (start, end, isMatch) in Slices(text))
            if (isMatch) replaced.Append(content);
            else replaced.Append(text, start, end - start);
        return replaced.ToString();
    }
}
