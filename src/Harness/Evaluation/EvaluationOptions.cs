using Vrp.Models.Generation;
using Vrp.Models.Processing.Images;

namespace Vrp.Harness.Evaluation;

/// <summary>How a model is asked the questions of a data set.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Questions read together. Answers do not depend on it.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Most tokens of an answer, its end token included.</summary>
    public int MaxNewTokens { get; init; } = 16;

    /// <summary>Sampled answers per question beside the greedy one; 0: none.</summary>
    public int Samples { get; init; }

    /// <summary>How they are drawn.</summary>
    public Sampling Sampling { get; init; } = new(temperature: 0.7, topP: 0.9);

    /// <summary>Shown instead of every picture, to learn what the questions alone give away; null: the pictures themselves.</summary>
    public RgbImage? Instead { get; init; }
}
