namespace Vrp.Models.Processing.Tokenizers.PostProcessors;

/// <summary>Adds the special tokens around a sequence.</summary>
interface IPostProcessor
{
    List<int> Process(List<int> ids, bool addSpecialTokens);
}
