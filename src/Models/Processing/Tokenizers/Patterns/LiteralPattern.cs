namespace Vrp.Models.Processing.Tokenizers.Patterns;

/// <summary>A fixed string, compared by code unit. <paramref name="literal"/> is not empty.</summary>
sealed class LiteralPattern(string literal) : TextPattern
{
    public override bool TryFind(string text, int from, out int start, out int end)
    {
        start = text.IndexOf(literal, from, StringComparison.Ordinal);
        end = start + literal.Length;
        return start >= 0;
    }

    public override string Replace(string text, string content) => text.Replace(literal, content, StringComparison.Ordinal);
}
