namespace Vrp.Harness.Running;

/// <summary>What a stage's shard cost.</summary>
/// <param name="Samples">Samples of the shard.</param>
/// <param name="Computed">Of them, computed by this run; the others were in the store.</param>
/// <param name="Passes">Of all samples of the shard.</param>
/// <param name="Bytes">Stored for all samples of the shard.</param>
/// <param name="Seconds">Time of this run.</param>
public sealed record StageSummary(int Samples, int Computed, PassCounts Passes, long Bytes, double Seconds)
{
    /// <summary>One line for the console.</summary>
    public override string ToString() => Samples == 0 ? "no samples" : FormattableString.Invariant(
        $"{Samples} samples ({Computed} now, {Seconds:0.0} s); per sample: {Per(Passes.Images):0.00} vision encodings, {Per(Passes.Prompts):0.00} prefills, {Per(Passes.DecodedTokens):0.0} decoded tokens, {Per(Bytes) / 1024:0.0} KiB stored");

    double Per(long count) => count / (double)Samples;
}
