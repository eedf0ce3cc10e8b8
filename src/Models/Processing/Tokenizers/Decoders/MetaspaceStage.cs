namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>Turns marks (▁) back into spaces; those of the first token vanish unless <paramref name="neverPrepends"/>.</summary>
sealed class MetaspaceStage(string mark, bool neverPrepends, TokenSink next) : WholeTokenStage(next)
{
    bool isFirst = true;

    protected override void Token(string token)
    {
        Emit(token.Replace(mark, isFirst && !neverPrepends ? "" : " ", StringComparison.Ordinal));
        isFirst = false;
    }
}
