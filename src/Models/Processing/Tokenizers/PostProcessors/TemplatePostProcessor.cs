namespace Vrp.Models.Processing.Tokenizers.PostProcessors;

/// <summary>A template such as <c>&lt;s&gt; $A</c> for one sequence.</summary>
/// <param name="Parts">In order, the ids of a special token, or null for the sequence.</param>
sealed record TemplatePostProcessor(IReadOnlyList<IReadOnlyList<int>?> Parts) : IPostProcessor
{
    public List<int> Process(List<int> ids, bool addSpecialTokens)
    {
        var processed = new List<int>(ids.Count + Parts.Count);
        foreach (var part in Parts)
            if (part is null) processed.AddRange(ids);
            else if (addSpecialTokens) processed.AddRange(part);
        return processed;
    }
}
