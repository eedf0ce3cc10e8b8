using Vrp.Harness.Datasets;
using Vrp.Harness.Intervening;
using Vrp.Harness.Tracing;

namespace Vrp.Harness.Claims.Selftest;

/// <summary>A made-up truth and the verdict that it must lead to.</summary>
/// <param name="Claim">Id.</param>
/// <param name="Expected">The verdict.</param>
/// <param name="Truth">What was planted, in words.</param>
/// <param name="Judge">Makes the data and judges the claim.</param>
public sealed record ClaimScenario(string Claim, Verdict Expected, string Truth, Func<ClaimResult> Judge)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Claim}, {Expected}: {Truth}";
}

/// <summary>Every claim driven to each of the four verdicts by made-up traces with a known truth: what <c>vrp selftest</c> and the tests run. A claim's own are
/// in its file; here is what they start from.</summary>
public static class ClaimScenarios
{
    /// <summary>Fewer draws than a study: verdicts are far from their bounds by construction.</summary>
    public static StudyOptions Options { get; } = new() { Draws = 1000, Permutations = 40 };

    /// <summary>All of them, four or more a claim.</summary>
    public static IReadOnlyList<ClaimScenario> All { get; } = [.. ClaimRegistry.All.SelectMany(claim => claim.Scenarios())];

    /// <summary>For what attention maps say: many questions, small states.</summary>
    internal static SyntheticTrace Maps => new() { Layers = 4, Hidden = 6, Images = 400 };

    /// <summary>For what hidden states say.</summary>
    internal static SyntheticTrace States => new() { Layers = 4, Hidden = 64, Images = 100, PlantedLayer = 2 };

    /// <summary>For what answers and their probabilities say.</summary>
    internal static SyntheticTrace Answers => new() { Layers = 4, Hidden = 4, Images = 150, PerImage = [(QuestionKind.YesNo, 6), (QuestionKind.Count, 6)] };

    /// <summary>For causes: one layer that knows, object identification among the questions.</summary>
    internal static SyntheticTrace Ablatable =>
        new() { Layers = 4, Hidden = 20, Images = 300, State = 2, PlantedLayer = 2, PerImage = [(QuestionKind.YesNo, 4), (QuestionKind.Identify, 4)] };

    /// <summary>What masked patches cost.</summary>
    internal static SyntheticInterventions Mask(double high, double random) =>
        new(arm => arm.Part != InterventionPart.Masking ? 0 : arm.Patches switch { MaskedPatches.High => high, MaskedPatches.Random => random, _ => 0 });

    /// <summary>What ablated units cost.</summary>
    internal static SyntheticInterventions Units(double top, double random) => new(arm => arm.Part != InterventionPart.Ablation ? 0
        : arm.Selection switch { UnitSelection.Top => top, UnitSelection.Random or UnitSelection.Matched => random, _ => 0 });

    /// <summary>The same trace with one thing broken.</summary>
    internal static TraceSet Spoil(TraceSet trace, bool spoilMap = false, bool spoilState = false, bool spoilProbability = false, bool spoilLens = false)
    {
        var states = Enumerable.Range(0, trace.Facts.Layers).Select(layer => (float[])trace.States(layer).Clone()).ToArray();
        var maps = Enumerable.Range(0, trace.Count).Select(sample => (float[])trace.Attention(sample).Clone()).ToArray();
        var records = trace.Records.ToArray();
        var lens = (float[,])trace.LensMargin.Clone();
        if (spoilMap) maps[7][3] = float.NaN;
        if (spoilState) states[1][11] = float.NaN;
        if (spoilProbability) records[5] = records[5] with { LogProbabilities = [double.NegativeInfinity, -0.05] };
        if (spoilLens) lens[4, trace.Facts.Layers - 1] += 0.5f;
        return new TraceSet(trace.Facts, records, new MemoryTraceArrays(states, [.. Enumerable.Range(0, trace.Facts.Layers).Select(trace.MlpOut)], maps))
        {
            Scorer = trace.Scorer, LensMargin = lens, MlpAttribution = trace.MlpAttribution, AttentionAttribution = trace.AttentionAttribution,
        };
    }
}
