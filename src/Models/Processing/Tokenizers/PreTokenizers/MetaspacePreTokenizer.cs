using Vrp.Models.Processing.Tokenizers.Patterns;

namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>SentencePiece's blanks: every space becomes a mark (▁), one is prepended by the scheme, and the text is split before each mark if asked.</summary>
sealed class MetaspacePreTokenizer(string mark, PrependScheme scheme, bool split) : PreTokenizer
{
    readonly SplitPreTokenizer splitter = new(new LiteralPattern(mark), SplitBehavior.MergedWithNext, invert: false);

    public override bool MindsBeginning => scheme == PrependScheme.First;

    protected override IEnumerable<Piece> Split(Piece piece)
    {
        var text = piece.Text.Replace(" ", mark, StringComparison.Ordinal);
        if ((scheme == PrependScheme.Always || scheme == PrependScheme.First && piece.IsFirst) && !text.StartsWith(mark, StringComparison.Ordinal)) text = mark + text;
        Piece[] marked = [piece with { Text = text }];
        return split ? splitter.Split(marked) : marked;
    }
}
