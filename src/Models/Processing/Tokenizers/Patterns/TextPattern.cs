namespace Vrp.Models.Processing.Tokenizers.Patterns;

/// <summary>Something to look for in text: a literal or a regular expression.</summary>
abstract class TextPattern
{
    /// <summary>The leftmost match at or after <paramref name="from"/>; never empty.</summary>
    public abstract bool TryFind(string text, int from, out int start, out int end);

    /// <summary>The whole text in order, as matches and what lies between them; no slice is empty.</summary>
    public IEnumerable<(int Start, int End, bool IsMatch)> Slices(string text)
    {
        var done = 0;
        while (TryFind(text, done, out var start, out var end))
        {
            if (done < start) yield return (done, start, false);
            yield return (start, end, true);
            done = end;
        }

        if (done < text.Length) yield return (done, text.Length, false);
    }

    /// <summary>The text with every match replaced by a fixed content (no group references, as in the reference).</summary>
    public abstract string Replace(string text, string content);
}
