using System.Text;

namespace Vrp.Models.Tokenizing;

/// <summary>A stage of decoding: takes tokens as they come, in fragments, and hands on what is final. Decoding a whole sequence and streaming it are the same
/// stages, so their texts are equal by construction.</summary>
abstract class TokenSink
{
    /// <summary>More text of the current token.</summary>
    public abstract void Text(ReadOnlySpan<char> fragment);

    /// <summary>The current token is complete.</summary>
    public abstract void EndToken();

    /// <summary>No token follows.</summary>
    public abstract void End();

    /// <summary>Whether some text was taken and not yet handed on, because later tokens could change it.</summary>
    public virtual bool HoldsText => false;
}

/// <summary>A stage that hands on to another one; what is not overridden passes unchanged.</summary>
abstract class TokenStage(TokenSink next) : TokenSink
{
    protected TokenSink Next => next;

    public override void Text(ReadOnlySpan<char> fragment) => next.Text(fragment);

    public override void EndToken() => next.EndToken();

    public override void End() => next.End();

    public override bool HoldsText => next.HoldsText;
}

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

    public override bool HoldsText => token.Length > 0 || base.HoldsText;

    public sealed override void Text(ReadOnlySpan<char> fragment) => token.Append(fragment);

    public sealed override void EndToken()
    {
        var whole = token.ToString();
        token.Clear();
        Token(whole);
    }
}

/// <summary>The end of the chain: the text itself, tokens put together without anything between them.</summary>
sealed class TextSink : TokenSink
{
    readonly StringBuilder text = new();

    public override void Text(ReadOnlySpan<char> fragment) => text.Append(fragment);

    public override void EndToken() { }

    public override void End() { }

    /// <summary>What came since the last call.</summary>
    public string Take()
    {
        var taken = text.ToString();
        text.Clear();
        return taken;
    }
}
