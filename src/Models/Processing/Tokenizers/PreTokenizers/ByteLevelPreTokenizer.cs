using System.Text;
using Vrp.Models.Processing.Tokenizers.Patterns;

namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>Writes text as its UTF-8 bytes in the byte-level alphabet, after GPT-2's split if asked.</summary>
sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    static readonly SplitPreTokenizer gpt2 = new(new RegexPattern(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), SplitBehavior.Isolated, invert: false);

    protected override IEnumerable<Piece> Split(Piece piece)
    {
        if (addPrefixSpace && piece.Text[0] != ' ') piece = piece with { Text = " " + piece.Text };
        return (useRegex ? gpt2.Split([piece]) : [piece]).Select(InBytes);
    }

    static Piece InBytes(Piece piece) => piece with { Text = string.Create(Encoding.UTF8.GetByteCount(piece.Text), piece.Text, (characters, text) =>
    {
        Span<byte> utf8 = stackalloc byte[4];
        var written = 0;
        foreach (var rune in text.EnumerateRunes())
            for (int i = 0, length = rune.EncodeToUtf8(utf8); i < length; i++) characters[written++] = ByteAlphabet.CharacterOf(utf8[i]);
    }) };
}
