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
    /// <summary>Intervention stage: what one arm of one sample costs, as a share of reading its prompt (positions × blocks of the language model), by kind of
    /// arm.</summary>
    public IReadOnlyDictionary<string, double>? ArmOverPrefill { get; init; }

    /// <summary>The trace stage's time as a multiple of what pictures, prompts and greedy answers alone took in it; null where nothing was computed by this
    /// run.</summary>
    public double? CostOverGreedy => Ratio(Seconds.Values.Sum());

    /// <summary>The same for the sampled answers alone.</summary>
    public double? SamplesOverGreedy => Ratio(Seconds.GetValueOrDefault("samples"));

    double? Ratio(double seconds)
    {
        double greedy = Seconds.GetValueOrDefault("images") + Seconds.GetValueOrDefault("prefill") + Seconds.GetValueOrDefault("greedy");
        return greedy > 0 ? Math.Round(seconds / greedy, 3) : null;
    }
}
