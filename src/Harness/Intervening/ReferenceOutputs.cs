using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Generation;

namespace Vrp.Harness.Intervening;

/// <summary>MLP outputs of the reference questions, which are of other images than those that arms run on: what mean and resample ablation put in the place of
/// a unit's value.</summary>
sealed class ReferenceOutputs
{
    readonly TraceSet trace;
    readonly int[] rows;
    readonly ulong seed;
    readonly Dictionary<int, float[]> byLayer = [];

    /// <exception cref="VrpException">A reference question is not in the trace, or shares its image with a question that arms run on.</exception>
    public ReferenceOutputs(TraceSet trace, InterventionPlan plan)
    {
        (this.trace, seed) = (trace, plan.Seed);
        var byId = trace.Records.Select((record, row) => (record, row)).ToDictionary(pair => pair.record.Question.Id, pair => pair.row, StringComparer.Ordinal);
        int Row(string id) => byId.TryGetValue(id, out var row) ? row :
            throw new VrpException($"The plan names question {id}, which the trace does not hold. Make the plan from this trace.");
        rows = [.. plan.ReferenceIds.Select(Row)];
        var tested = (plan.QuestionIds.Count > 0 ? plan.QuestionIds.Select(Row) : Enumerable.Range(0, trace.Count)).Select(row => trace.Records[row].Question.Group)
            .ToHashSet();
        if (rows.FirstOrDefault(row => tested.Contains(trace.Records[row].Question.Group), -1) is var shared and >= 0)
            throw new VrpException($"Reference question {trace.Records[shared].Question.Id} is of an image that arms run on "
                + $"({trace.Records[shared].Question.Group}); expected other images. Split by image.");
    }

    /// <summary>D.</summary>
    public int Hidden => trace.Facts.Hidden;

    /// <summary>The units' means, [D].</summary>
    public float[] Mean(int layer)
    {
        var all = Layer(layer);
        var sums = new double[Hidden];
        for (var i = 0; i < all.Length; i++) sums[i % Hidden] += all[i];
        return [.. sums.Select(sum => (float)(sum / rows.Length))];
    }

    /// <summary>The outputs of the reference question that belongs to a question and an arm, [D]. Arms that differ in k alone share donors, so that dose curves
    /// compare like with like.</summary>
    public ReadOnlySpan<float> Donor(int layer, long questionSeed, InterventionArm arm)
    {
        var all = Layer(layer);
        var donor = (int)(CounterRandom.Uniform(seed, questionSeed, arm.Draw, layer * 4 + (int)arm.Selection) * rows.Length);
        return all.AsSpan(donor * Hidden, Hidden);
    }

    float[] Layer(int layer)
    {
        if (byLayer.TryGetValue(layer, out var known)) return known;
        if (rows.Length == 0)
            throw new VrpException("Mean and resample ablation need reference questions, and the plan names none. Give ReferenceIds of other images.");
        float[] outputs = trace.MlpOut(layer), chosen = new float[rows.Length * Hidden];
        for (var i = 0; i < rows.Length; i++) outputs.AsSpan(rows[i] * Hidden, Hidden).CopyTo(chosen.AsSpan(i * Hidden));
        byLayer.Add(layer, chosen);
        return chosen;
    }
}
