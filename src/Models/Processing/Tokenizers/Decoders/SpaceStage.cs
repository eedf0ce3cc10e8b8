namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>What the reference does without a decoder: tokens with a space between them.</summary>
sealed class SpaceStage(TokenSink next) : TokenStage(next)
{
    bool isLater;

    public override void Text(ReadOnlySpan<char> fragment)
    {
        if (isLater) Next.Text(" ");
        isLater = true;
        base.Text(fragment);
    }
}
