namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>Makes one token of all.</summary>
sealed class FuseStage(TokenSink next) : TokenStage(next)
{
    public override void EndToken() { }

    public override void End()
    {
        Next.EndToken();
        base.End();
    }
}
