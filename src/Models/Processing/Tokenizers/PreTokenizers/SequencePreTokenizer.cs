namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>Pre-tokenizers one after the other.</summary>
sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public override bool MindsBeginning => steps.Any(step => step.MindsBeginning);

    public override IEnumerable<Piece> Split(IEnumerable<Piece> pieces) => steps.Aggregate(pieces, (current, step) => step.Split(current));

    protected override IEnumerable<Piece> Split(Piece piece) => Split([piece]);
}
