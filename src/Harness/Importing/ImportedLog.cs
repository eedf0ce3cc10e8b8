namespace Vrp.Harness.Importing;

/// <summary>What another program logged of a model's answers, before questions are given kinds and answers are judged.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Data">The task's or data set's.</param>
/// <param name="Answers">One per question, in the log's order.</param>
public sealed record ImportedLog(string Model, string Data, IReadOnlyList<ImportedAnswer> Answers)
{
    /// <summary>Of sampled answers, where the log says it.</summary>
    public double? Temperature { get; init; }

    /// <summary>Likewise.</summary>
    public double? TopP { get; init; }

    /// <summary>Rows that were left out, and why: a question that ended in an error has no answer.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>A question of a log with what the model said.</summary>
public sealed record ImportedAnswer
{
    /// <summary>The log's own id of the question; unique in it.</summary>
    public required string Id { get; init; }

    /// <summary>The line or place in the log, from 1.</summary>
    public int Row { get; init; }

    /// <summary>The image's name; null where the log has none.</summary>
    public string? Image { get; init; }

    /// <summary>The question without options.</summary>
    public required string Question { get; init; }

    /// <summary>Of a question of choice.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Accepted answers; empty where the log has none.</summary>
    public IReadOnlyList<string> Gold { get; init; } = [];

    /// <summary>The answer that is judged.</summary>
    public required string Answer { get; init; }

    /// <summary>All answers where a question was asked several times.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];

    /// <summary>The log's own judgement.</summary>
    public bool? Correct { get; init; }

    /// <summary>A probability of being right that the log states, 0 to 1.</summary>
    public double? Confidence { get; init; }

    /// <summary>Natural logarithm of each answer token's probability.</summary>
    public IReadOnlyList<double> LogProbabilities { get; init; } = [];

    /// <summary>Probabilities of the likeliest first tokens, from the most likely down.</summary>
    public IReadOnlyList<(string Text, double Probability)> FirstToken { get; init; } = [];
}
