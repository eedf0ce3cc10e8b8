namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>A part of the input on its way to ids: text, or an added token that is already one.</summary>
/// <param name="Text">The (normalized) text; empty for a token.</param>
/// <param name="IsFirst">Whether it begins where the input begins.</param>
/// <param name="Token">The id of an added token, or -1 for text.</param>
readonly record struct Piece(string Text, bool IsFirst, int Token = -1)
{
    public bool IsText => Token < 0;

    /// <summary>A part of this text.</summary>
    public Piece Slice(int start, int end) => new(Text[start..end], IsFirst && start == 0);
}
