namespace Vrp.Harness.Tracing;

/// <summary>One record of a trace as it is stored. Probabilities and log-probabilities are float32, as the model gave them.</summary>
/// <param name="Id">The question's.</param>
/// <param name="Image">Its image's name. With the text it shows whether a data set is the one that was traced.</param>
/// <param name="Question">Its text.</param>
/// <param name="Answer">Greedy, without special tokens.</param>
/// <param name="Ids">Its tokens.</param>
/// <param name="LogProbabilities">Of each.</param>
/// <param name="Ended">Whether the last is an end token.</param>
/// <param name="Samples">The sampled answers.</param>
/// <param name="FirstToken">Most likely first tokens.</param>
/// <param name="Nucleus">What the sampled answers' first tokens were drawn from.</param>
/// <param name="Entropy">Of the first token, nats.</param>
/// <param name="PYes">First token says yes.</param>
/// <param name="PNo">First token says no.</param>
/// <param name="YesNo">Whether <paramref name="Compared"/> are yes and no, in this order, rather than truth and competitor.</param>
/// <param name="Compared">The two tokens that margins compare; absent where there are none.</param>
/// <param name="Grid">Rows and columns of image tokens.</param>
sealed record TraceLine(string Id, string Image, string Question, string Answer, int[] Ids, float[] LogProbabilities, bool Ended, SampledAnswer[] Samples,
    TokenLine[] FirstToken, TokenLine[] Nucleus, double Entropy, float PYes, float PNo, bool YesNo, int[]? Compared, int[] Grid);

/// <summary><see cref="TokenProbability"/> as it is stored.</summary>
sealed record TokenLine(int Id, string Text, float P)
{
    public static TokenLine[] From(IEnumerable<TokenProbability> tokens) => [.. tokens.Select(t => new TokenLine(t.Id, t.Text, (float)t.Probability))];

    public TokenProbability Read() => new(Id, Text, P);
}
