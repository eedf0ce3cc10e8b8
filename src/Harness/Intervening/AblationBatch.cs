using TorchSharp;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Generation;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Harness.Intervening;

/// <summary>Ablation arms of one layer, mode and kind of positions that run together: which units each changes, and what comes in their place.</summary>
sealed class AblationBatch : IDisposable
{
    readonly Tensor ablated;                // bool [A,D]
    readonly Tensor? mean;                  // [D]

    /// <param name="arms">Indices into the stage's arms, and the arms.</param>
    /// <param name="reference">Where mean and resampled values come from.</param>
    /// <param name="hidden">D.</param>
    /// <param name="device">The model's.</param>
    public AblationBatch(IReadOnlyList<(int Index, InterventionArm Arm)> arms, ReferenceOutputs reference, int hidden, Device device)
    {
        (Arms, Reference) = (arms, reference);
        var units = new bool[arms.Count * hidden];
        for (var a = 0; a < arms.Count; a++)
            foreach (var unit in arms[a].Arm.Units)
                units[a * hidden + unit] = unit >= 0 && unit < hidden ? true
                    : throw new VrpException($"Arm {arms[a].Arm.Name} names unit {unit} of {hidden}. The plan was made for another model.");
        using var scope = NewDisposeScope();
        ablated = tensor(units, [arms.Count, hidden], device: device).DetachFromDisposeScope();
        if (First.Mode == AblationMode.Mean) mean = tensor(reference.Mean(First.Layer)).to(device).DetachFromDisposeScope();
    }

    public IReadOnlyList<(int Index, InterventionArm Arm)> Arms { get; }

    /// <summary>Where mean and resampled values come from.</summary>
    public ReferenceOutputs Reference { get; }

    /// <summary>For what all arms share.</summary>
    public InterventionArm First => Arms[0].Arm;

    /// <summary>The block's MLP output after ablation.</summary>
    /// <param name="mlpOut">[B,D], or [B,T,D]</param>
    /// <param name="questionSeeds">What identifies each of the B questions in the choice of donors.</param>
    /// <returns>[B,A,D], or [B,A,T,D]</returns>
    public Tensor Apply(Tensor mlpOut, IReadOnlyList<long> questionSeeds)
    {
        using var scope = NewDisposeScope();
        var before = mlpOut.unsqueeze(1);                                                // [B,1,…,D]
        var units = mlpOut.dim() == 3 ? ablated.unsqueeze(1) : ablated;                  // [A,(1,)D]
        return where(units, Values(mlpOut, questionSeeds), before).MoveToOuterDisposeScope();
    }

    /// <summary>The same as records, for the tokens that are generated after the prompt. Rows are question by question, arm by arm.</summary>
    public (IReadOnlyList<Intervention> Interventions, InterventionData? Data) Records(IReadOnlyList<long> questionSeeds)
    {
        var point = $"blocks.{First.Layer}.mlp.out";
        var kind = First.Mode switch { AblationMode.Mean => InterventionKind.Mean, AblationMode.Resample => InterventionKind.Resample,
            _ => InterventionKind.Set };
        Intervention[] interventions = [.. Arms.Select((arm, a) =>
            new Intervention(point, UnitSet.Of(arm.Arm.Units), kind,
                rows: UnitSet.Of(Enumerable.Range(0, questionSeeds.Count).Select(b => b * Arms.Count + a))))];
        using var scope = NewDisposeScope();
        return (interventions, kind switch
        {
            InterventionKind.Mean => new InterventionData().Add(point, kind, mean!),
            InterventionKind.Resample => new InterventionData().Add(point, kind, Donated(questionSeeds)),
            _ => null,
        });
    }

    Tensor Values(Tensor mlpOut, IReadOnlyList<long> questionSeeds) => First.Mode switch
    {
        AblationMode.Zero => zeros([1], dtype: mlpOut.dtype, device: mlpOut.device),
        AblationMode.Mean => mean!.to(mlpOut.dtype),
        _ => Donated(questionSeeds).view(questionSeeds.Count, Arms.Count, -1).to(mlpOut.dtype).to(mlpOut.device),
    };

    /// <summary>Each row's donor's values, [B·A, D].</summary>
    Tensor Donated(IReadOnlyList<long> questionSeeds)
    {
        var hidden = Reference.Hidden;
        var values = new float[questionSeeds.Count * Arms.Count * hidden];
        for (var b = 0; b < questionSeeds.Count; b++)
            for (var a = 0; a < Arms.Count; a++)
                Reference.Donor(First.Layer, questionSeeds[b], Arms[a].Arm).CopyTo(values.AsSpan((b * Arms.Count + a) * hidden));
        return tensor(values, [questionSeeds.Count * Arms.Count, hidden]);
    }

    public void Dispose()
    {
        ablated.Dispose();
        mean?.Dispose();
    }
}

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
        var tested = (plan.QuestionIds.Count > 0 ? plan.QuestionIds.Select(Row) : Enumerable.Range(0, trace.Count))
            .Select(row => trace.Records[row].Question.Group).ToHashSet();
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
