using Vrp.Models.Processing.Tokenizers.Unicode;

namespace Vrp.Models.Processing.Tokenizers.Normalizers;

/// <summary>Unicode normalization form C.</summary>
sealed record NfcNormalizer : INormalizer
{
    public string Normalize(string text) => NormalizationFormC.Of(text);

    public bool KeepsPositions => false;
}
