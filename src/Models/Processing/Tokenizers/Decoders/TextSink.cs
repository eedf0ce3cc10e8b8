using System.Text;

namespace Vrp.Models.Processing.Tokenizers.Decoders;

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
