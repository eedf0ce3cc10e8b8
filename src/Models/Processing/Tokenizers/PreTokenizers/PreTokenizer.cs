namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>Splits (and rewrites) pieces of text before the model sees them; added tokens pass untouched, empty pieces vanish.</summary>
abstract class PreTokenizer
{
    /// <summary>Whether it treats the beginning of the input in its own way (<see cref="Piece.IsFirst"/>).</summary>
    public virtual bool MindsBeginning => false;

    /// <summary>Splits one piece of text that is not empty.</summary>
    protected abstract IEnumerable<Piece> Split(Piece piece);

    public virtual IEnumerable<Piece> Split(IEnumerable<Piece> pieces)
    {
        foreach (var piece in pieces)
            if (!piece.IsText) yield return piece;
            else
                foreach (var part in Split(piece))
                    if (part.Text.Length > 0) yield return part;
    }
}
