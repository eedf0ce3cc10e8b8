namespace Vrp.Models.Processing.Tokenizers.Normalizers;

/// <summary>Normalizers one after the other.</summary>
sealed record SequenceNormalizer(IReadOnlyList<INormalizer> Steps) : INormalizer
{
    public string Normalize(string text) => Steps.Aggregate(text, (current, step) => step.Normalize(current));

    public bool KeepsPositions => Steps.All(step => step.KeepsPositions);
}
