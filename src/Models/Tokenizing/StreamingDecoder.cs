namespace Vrp.Models.Tokenizing;

/// <summary>Decodes ids as they come. Each call gives the text that no later id can change (never half a character); all of it together is what
/// <see cref="HuggingFaceTokenizer.Decode(ReadOnlySpan{int}, bool)"/> gives.</summary>
public sealed class StreamingDecoder
{
    readonly HuggingFaceTokenizer tokenizer;
    readonly bool skipSpecialTokens;
    readonly TextSink text = new();
    readonly TokenSink stages;
    bool isFinished;

    /// <summary>Begins a text.</summary>
    public StreamingDecoder(HuggingFaceTokenizer tokenizer, bool skipSpecialTokens = false)
    {
        (this.tokenizer, this.skipSpecialTokens) = (tokenizer, skipSpecialTokens);
        stages = tokenizer.OpenDecoder(text);
    }

    /// <summary>Whether ids were taken whose text is not out yet.</summary>
    internal bool HoldsText => stages.HoldsText;

    /// <summary>Takes the next id and gives the text that became final, often one token's, sometimes none.</summary>
    public string Add(int id)
    {
        if (isFinished) throw new InvalidOperationException("This text is finished; begin another StreamingDecoder.");
        if (tokenizer.IdToToken(id) is { } token && !(skipSpecialTokens && tokenizer.IsSpecial(id)))
        {
            stages.Text(token);
            stages.EndToken();
        }

        return text.Take();
    }

    /// <summary>Ends the text and gives what was held back.</summary>
    public string Finish()
    {
        if (!isFinished) stages.End();
        isFinished = true;
        return text.Take();
    }
}
