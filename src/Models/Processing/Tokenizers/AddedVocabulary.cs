using Vrp.Models.Processing.Tokenizers.Normalizers;
using Vrp.Models.Processing.Tokenizers.PreTokenizers;

namespace Vrp.Models.Processing.Tokenizers;

/// <summary>The added tokens: those searched in the text as given, then, in what is left and normalized, those searched there.</summary>
sealed class AddedVocabulary
{
    readonly INormalizer? normalizer;
    readonly AddedTokenFinder asGiven, normalized;
    readonly Dictionary<string, AddedToken> byContent;
    readonly Dictionary<int, AddedToken> byId;

    /// <param name="tokens">The tokens with the text that each is searched as.</param>
    public AddedVocabulary(IReadOnlyList<(string Text, AddedToken Token)> tokens, INormalizer? normalizer)
    {
        this.normalizer = normalizer;
        asGiven = new([.. tokens.Where(entry => !entry.Token.Normalized)]);
        normalized = new([.. tokens.Where(entry => entry.Token.Normalized)]);
        byContent = tokens.ToDictionary(entry => entry.Token.Content, entry => entry.Token);
        byId = tokens.ToDictionary(entry => entry.Token.Id, entry => entry.Token);
    }

    public IEnumerable<AddedToken> Tokens => byId.Values;

    public AddedToken? Find(string content) => byContent.GetValueOrDefault(content);

    public AddedToken? Find(int id) => byId.GetValueOrDefault(id);

    /// <summary>The input as added tokens and normalized text between them.</summary>
    public IEnumerable<Piece> Split(string text)
    {
        if (text.Length == 0) yield break;
        foreach (var piece in asGiven.Split(new(text, IsFirst: true)))
        {
            if (!piece.IsText)
            {
                yield return piece;
                continue;
            }

            foreach (var part in normalized.Split(piece with { Text = normalizer?.Normalize(piece.Text) ?? piece.Text })) yield return part;
        }
    }
}
