namespace Vrp.Harness.Tracing;

/// <summary><see cref="TokenProbability"/> as it is stored.</summary>
sealed record TokenLine(int Id, string Text, float P)
{
    public static TokenLine[] From(IEnumerable<TokenProbability> tokens) => [.. tokens.Select(t => new TokenLine(t.Id, t.Text, (float)t.Probability))];

    public TokenProbability Read() => new(Id, Text, P);
}
