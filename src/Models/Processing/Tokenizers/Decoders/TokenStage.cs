namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>A stage that hands on to another one; what is not overridden passes unchanged.</summary>
abstract class TokenStage(TokenSink next) : TokenSink
{
    protected TokenSink Next => next;

    public override void Text(ReadOnlySpan<char> fragment) => next.Text(fragment);

    public override void EndToken() => next.EndToken();

    public override void End() => next.End();
}
