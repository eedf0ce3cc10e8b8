using System.Text;

namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>A stage that looks at whole tokens.</summary>
abstract class WholeTokenStage(TokenSink next) : TokenStage(next)
{
    readonly StringBuilder token = new();

    protected abstract void Token(string token);

    protected void Emit(string token)
    {
        Next.Text(token);
        Next.EndToken();
    }

    public sealed override void Text(ReadOnlySpan<char> fragment) => token.Append(fragment);

    public sealed override void EndToken()
    {
        var whole = token.ToString();
        token.Clear();
        Token(whole);
    }
}
