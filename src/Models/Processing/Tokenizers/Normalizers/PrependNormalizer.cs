namespace Vrp.Models.Processing.Tokenizers.Normalizers;

/// <summary>Puts a string before text that is not empty (LLaMA's leading ▁).</summary>
sealed record PrependNormalizer(string Prefix) : INormalizer
{
    public string Normalize(string text) => text.Length == 0 ? text : Prefix + text;

    public bool KeepsPositions => false;
}
