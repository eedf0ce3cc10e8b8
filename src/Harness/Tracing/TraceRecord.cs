using Vrp.Harness.Datasets;

namespace Vrp.Harness.Tracing;

/// <summary>What one question's pass showed, but for the arrays (<see cref="TraceSet"/>). Labels are not in it: they come from the data set at the time of the
/// analysis.</summary>
public sealed record TraceRecord
{
    public required Question Question { get; init; }

    /// <summary>The greedy answer without special tokens.</summary>
    public required string Answer { get; init; }

    /// <summary>The greedy answer's tokens, with the end token where one was reached.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>Of each of <see cref="Ids"/>: natural logarithm of its probability, ≤ 0, under the unfiltered distribution at temperature 1.</summary>
    public required IReadOnlyList<double> LogProbabilities { get; init; }

    /// <summary>Whether the last of <see cref="Ids"/> is an end token; false where the answer was cut at the limit.</summary>
    public bool Ended { get; init; } = true;

    /// <summary>K answers at the trace's temperature and top-p.</summary>
    public IReadOnlyList<SampledAnswer> SampledAnswers { get; init; } = [];

    /// <summary>The most likely first tokens (twenty, or all that the vocabulary has), from the most likely down, under the unfiltered distribution at
    /// temperature 1.</summary>
    public IReadOnlyList<TokenProbability> FirstToken { get; init; } = [];

    /// <summary>What the K answers' first tokens were drawn from: after temperature and top-p. At most <see cref="MostOfNucleus"/>, from the most likely down;
    /// what is missing to a sum of 1 is in the rest.</summary>
    public IReadOnlyList<TokenProbability> Nucleus { get; init; } = [];

    /// <summary>Entropy of the unfiltered first-token distribution over the whole vocabulary, nats.</summary>
    public double Entropy { get; init; }

    /// <summary>A probability of being right that a log states beside the answer; null where there is none, as always in a trace made here.</summary>
    public double? StatedConfidence { get; init; }

    /// <summary>Probability that the first token says yes: the sum over all tokens whose text, without blanks, punctuation and case, is "yes".</summary>
    public double PYes { get; init; }

    /// <summary>The same for "no".</summary>
    public double PNo { get; init; }

    /// <summary>The first token of the gold answer that the logit lens is about; null where there is none (an open question, a gold answer that cannot be
    /// encoded).</summary>
    public int? TruthToken { get; init; }

    /// <summary>What <see cref="TruthToken"/> is compared with: the other answer of a two-sided question, else the model's best token that is not the
    /// truth.</summary>
    public int? CompetitorToken { get; init; }

    /// <summary>Rows of the grid of image tokens.</summary>
    public required int GridHeight { get; init; }

    /// <summary>Columns of the grid of image tokens.</summary>
    public required int GridWidth { get; init; }

    /// <summary>Most tokens that <see cref="Nucleus"/> lists.</summary>
    public const int MostOfNucleus = 50;

    /// <summary>Most tokens that <see cref="FirstToken"/> lists.</summary>
    public const int MostOfFirstToken = 20;
}

/// <summary>One answer drawn from the model.</summary>
/// <param name="Text">Without special tokens.</param>
/// <param name="Ids">Its tokens, with the end token where one was drawn.</param>
public sealed record SampledAnswer(string Text, IReadOnlyList<int> Ids);

/// <summary>One token of a distribution.</summary>
/// <param name="Id">In the model's vocabulary.</param>
/// <param name="Text">What it prints on its own; empty for special tokens.</param>
/// <param name="Probability">In the distribution that the property holding it names.</param>
public sealed record TokenProbability(int Id, string Text, double Probability);

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
