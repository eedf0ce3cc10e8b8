using Vrp.Models.Processing.Tokenizers.Patterns;

namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>Replaces every match of a pattern within each token.</summary>
sealed class ReplaceStage(TextPattern pattern, string content, TokenSink next) : WholeTokenStage(next)
{
    protected override void Token(string token) => Emit(pattern.Replace(token, content));
}
