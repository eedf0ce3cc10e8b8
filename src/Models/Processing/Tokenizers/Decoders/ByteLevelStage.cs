using System.Text;

namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>Reads tokens in the byte-level alphabet as bytes and those bytes as UTF-8, an ill-formed sequence as U+FFFD. A token with a character
/// outside the alphabet (an added token) stands for itself.</summary>
sealed class ByteLevelStage(TokenSink next) : WholeTokenStage(next)
{
    readonly Decoder utf8 = Encoding.UTF8.GetDecoder();   // keeps the bytes of an unfinished character

    protected override void Token(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (ByteAlphabet.ByteOf(token[i]) is >= 0 and var value)
            {
                bytes[i] = (byte)value;
                continue;
            }

            bytes = Encoding.UTF8.GetBytes(token);
            break;
        }

        Decode(bytes, flush: false);
    }

    public override void End()
    {
        Decode([], flush: true);
        Next.EndToken();
        base.End();
    }

    void Decode(byte[] bytes, bool flush)
    {
        var text = new char[utf8.GetCharCount(bytes, flush)];
        utf8.GetChars(bytes, text, flush);
        Next.Text(text);
    }
}
