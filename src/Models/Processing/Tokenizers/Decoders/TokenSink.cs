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
