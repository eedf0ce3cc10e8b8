using Vrp.Models.Processing.Tokenizers.Patterns;

namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>Splits on a pattern; with <paramref name="invert"/> on what lies between its matches.</summary>
sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    protected override IEnumerable<Piece> Split(Piece piece)
    {
        var slices = pattern.Slices(piece.Text).Select(slice => slice with { IsMatch = slice.IsMatch != invert });
        return behavior switch
        {
            SplitBehavior.Isolated => Pieces(piece, slices),
            SplitBehavior.Removed => Pieces(piece, slices.Where(slice => !slice.IsMatch)),
            SplitBehavior.Contiguous => Pieces(piece, Joined(slices, (before, current) => current == before)),
            SplitBehavior.MergedWithPrevious => Pieces(piece, Joined(slices, (before, current) => current && !before)),
            _ => Pieces(piece, Joined(slices.Reverse(), (before, current) => current && !before).Reverse()),
        };
    }

    static IEnumerable<Piece> Pieces(Piece piece, IEnumerable<(int Start, int End, bool)> slices) => slices.Select(slice => piece.Slice(slice.Start, slice.End));

    /// <summary>Joins a slice to the one before it (in the order given) when the two are of the kinds that join.</summary>
    static IEnumerable<(int Start, int End, bool)> Joined(IEnumerable<(int Start, int End, bool IsMatch)> slices, Func<bool, bool, bool> joins)
    {
        (int Start, int End, bool)? open = null;
        var before = false;   // as if a slice that is no match came first
        foreach (var (start, end, isMatch) in slices)
        {
            if (open is var (openStart, openEnd, _) && joins(before, isMatch))
            {
                open = (Math.Min(openStart, start), Math.Max(openEnd, end), false);
            }
            else
            {
                if (open is { } done) yield return done;
                open = (start, end, false);
            }

            before = isMatch;
        }

        if (open is { } last) yield return last;
    }
}
