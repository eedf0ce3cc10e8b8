using System.Globalization;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Running;

/// <summary>A finished stage: where its results lie, what they depend on and what they cost. Its JSON is the stage's section of run.json.</summary>
/// <param name="Folder">The store.</param>
/// <param name="Key">SHA-256 of the facts.</param>
/// <param name="Facts">What the results depend on.</param>
/// <param name="Summary">What the shard cost.</param>
/// <param name="Seconds">Time of this run by phase.</param>
public sealed record StageResult(string Folder, string Key, IReadOnlyDictionary<string, string> Facts, StageSummary Summary,
    IReadOnlyDictionary<string, double> Seconds)
{
    /// <summary>Intervention stage: what one arm of one question costs, as a share of reading its prompt in full (positions × blocks of the language model), by
    /// kind of arm.</summary>
    public IReadOnlyDictionary<string, double>? ArmOverPrefill { get; init; }

    /// <summary>Intervention stage: what all arms of one question cost together, in the same unit.</summary>
    public double? PrefillsPerQuestion { get; init; }

    /// <summary>The trace stage's time as a multiple of what images, prompts and greedy answers alone took in it; null where nothing was computed by this
    /// run.</summary>
    public double? CostOverGreedy => Ratio(Seconds.Values.Sum());

    /// <summary>The same for the sampled answers alone.</summary>
    public double? SamplesOverGreedy => Ratio(Seconds.GetValueOrDefault("samples"));

    double? Ratio(double seconds)
    {
        var greedy = Seconds.GetValueOrDefault("images") + Seconds.GetValueOrDefault("prefill") + Seconds.GetValueOrDefault("greedy");
        return greedy > 0 ? Math.Round(seconds / greedy, 3) : null;
    }
}

/// <summary>How far a stage is.</summary>
/// <param name="Done">Questions finished, those of earlier runs included.</param>
/// <param name="Total">Questions of this shard.</param>
public readonly record struct StageProgress(int Done, int Total);

/// <summary>What a stage's shard cost.</summary>
/// <param name="Samples">Questions of the shard.</param>
/// <param name="Computed">Of them, computed by this run; the others were in the store.</param>
/// <param name="Passes">Of all questions of the shard.</param>
/// <param name="Bytes">Stored for all questions of the shard.</param>
/// <param name="Seconds">Time of this run.</param>
public sealed record StageSummary(int Samples, int Computed, PassCounts Passes, long Bytes, double Seconds)
{
    /// <summary>One line for the console.</summary>
    public override string ToString() => Samples == 0 ? "no questions" : string.Create(CultureInfo.InvariantCulture,
        $"{Samples} questions ({Computed} now, {Seconds:0.0} s); per question: {Per(Passes.Images):0.00} vision encodings, {Per(Passes.Prompts):0.00} prefills, "
        + $"{Positions}{Per(Passes.DecodedTokens):0.0} decoded tokens, {Per(Bytes) / 1024:0.0} KiB stored");

    /// <summary>Nothing where the counts are of an older store.</summary>
    string Positions => Passes.UnsharedPositions == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
        $"{Per(Passes.PromptPositions):0.0} prompt positions of {Per(Passes.UnsharedPositions):0.0} without sharing "
        + $"({Passes.PaddedPositions / (double)Passes.PromptPositions:0.0%} of them padding), ");

    double Per(long count) => count / (double)Samples;
}
