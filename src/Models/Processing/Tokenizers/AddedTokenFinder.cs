using System.Buffers;
using Vrp.Models.Processing.Tokenizers.PreTokenizers;
using Vrp.Models.Processing.Tokenizers.Unicode;

namespace Vrp.Models.Processing.Tokenizers;

/// <summary>Finds added tokens in text, leftmost and then longest first, by a trie.</summary>
sealed class AddedTokenFinder
{
    readonly Dictionary<(int Node, char Next), int> edges = [];
    readonly List<AddedToken?> endsAt = [null];   // per node; node 0 is the root
    readonly SearchValues<char> firstCharacters;

    /// <param name="tokens">What to find: the text searched for (never empty) and its token.</param>
    public AddedTokenFinder(IReadOnlyList<(string Text, AddedToken Token)> tokens)
    {
        foreach (var (text, token) in tokens)
        {
            var node = 0;
            foreach (var c in text)
            {
                if (!edges.TryGetValue((node, c), out var child))
                {
                    edges[(node, c)] = child = endsAt.Count;
                    endsAt.Add(null);
                }

                node = child;
            }

            endsAt[node] ??= token;
        }

        firstCharacters = SearchValues.Create([.. tokens.Select(token => token.Text[0]).Distinct()]);
    }

    /// <summary>Cuts a piece of text at the tokens in it.</summary>
    public IEnumerable<Piece> Split(Piece piece)
    {
        var text = piece.Text;
        var done = 0;
        for (var from = 0; Find(text, from) is var (start, end, token); from = end)
        {
            if (token.SingleWord && TouchesWord(text, start, end)) continue;
            var (left, right) = (start, end);
            while (token.StripsLeft && left > done && CodePoints.IsWhiteSpace(text[left - 1])) left--;   // not what an earlier token took
            while (token.StripsRight && right < text.Length && CodePoints.IsWhiteSpace(text[right])) right++;
            if (done < left) yield return piece.Slice(done, left);
            yield return new("", false, token.Id);
            done = right;
        }

        if (done < text.Length) yield return piece.Slice(done, text.Length);
    }

    (int Start, int End, AddedToken Token)? Find(string text, int from)
    {
        while (from < text.Length && text.AsSpan(from).IndexOfAny(firstCharacters) is >= 0 and var skipped)
        {
            var start = from + skipped;
            (int, int, AddedToken)? longest = null;
            for (int node = 0, at = start; at < text.Length && edges.TryGetValue((node, text[at]), out node);)
                if (endsAt[node] is { } token) longest = (start, ++at, token);
                else at++;
            if (longest is not null) return longest;
            from = start + 1;
        }

        return null;
    }

    static bool TouchesWord(string text, int start, int end) =>
        start > 0 && CodePoints.IsWord(WellFormed.CodePointAt(text, WellFormed.Before(text, start), out _))
        || end < text.Length && CodePoints.IsWord(WellFormed.CodePointAt(text, end, out _));
}
