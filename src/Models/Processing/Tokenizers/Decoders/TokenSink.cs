namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>A stage of decoding: takes tokens as they come, in fragments, and hands on what is final. Decoding a whole sequence and
/// streaming it are the same stages, so their texts are equal by construction.</summary>
abstract class TokenSink
{
    /// <summary>More text of the current token.</summary>
    public abstract void Text(ReadOnlySpan<char> fragment);

    /// <summary>The current token is complete.</summary>
    public abstract void EndToken();

    /// <summary>No token follows.</summary>
    public abstract void End();
}

/// <summary>A stage that hands on to another one; what is not overridden passes unchanged.</summary>
abstract class TokenStage(TokenSink next) : TokenSink
{
    protected TokenSink Next => next;

    public override void Text(ReadOnlySpan<char> fragment) => next.Text(fragment);

    public override void EndToken() => next.EndToken();

    public override void End() => next.End();
}

/// <summary>A stage that looks at whole tokens.</summary>
abstract class WholeTokenStage(TokenSink next) : TokenStage(next)
{
    readonly System.Text.StringBuilder token = new();

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
