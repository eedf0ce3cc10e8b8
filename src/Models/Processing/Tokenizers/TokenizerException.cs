namespace Vrp.Models.Processing.Tokenizers;

/// <summary>A tokenizer.json that cannot be read exactly: malformed, or holding something that this reader does not support.</summary>
/// <param name="source">The file.</param>
/// <param name="place">Where in it, as a JSON path from <c>$</c>.</param>
/// <param name="problem">What was expected, what was found and what to do.</param>
public sealed class TokenizerException(string source, string place, string problem, Exception? inner = null)
    : VrpException($"{source}, {place}: {problem}", inner)
{
    /// <summary>Where in the file, as a JSON path from <c>$</c>.</summary>
    public string Place { get; } = place;
}
