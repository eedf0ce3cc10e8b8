using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vrp.Harness.Storage;
using Vrp.Models.Storage;

namespace Vrp.Harness.Intervening;

/// <summary>What the intervention stage is to do, as the analysis of a trace decided it. Serialises to JSON and is a part of the stage's key.</summary>
public sealed record InterventionPlan
{
    /// <summary><c>full</c> or <c>quick</c>: the named budget that the numbers of arms and draws follow from.</summary>
    public string Budget { get; init; } = "full";

    /// <summary>The key of the trace that the choices were made on.</summary>
    public string TraceKey { get; init; } = "";

    /// <summary>Questions to run, by id: those whose images the choices did not see. Empty: all.</summary>
    /// <remarks>Stored plans, and with them the keys of what was computed, have it by its earlier name.</remarks>
    [JsonPropertyName("sample_ids")]
    public IReadOnlyList<string> QuestionIds { get; init; } = [];

    /// <summary>Questions that mean values and resampled values come from, by id; disjoint by image from <see cref="QuestionIds"/>.</summary>
    public IReadOnlyList<string> ReferenceIds { get; init; } = [];

    /// <summary>Layers over which the attention that masking goes by is averaged (and over all heads). Empty: all.</summary>
    public IReadOnlyList<int> MaskingLayers { get; init; } = [];

    /// <summary>Share of the cells that masking hides.</summary>
    public double MaskingShare { get; init; } = 0.3;

    /// <summary>Of resampling donors and of random masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>Arms, without <see cref="InterventionArm.None"/>, which is always run first.</summary>
    public IReadOnlyList<InterventionArm> Arms { get; init; } = [];
}

/// <summary>A plan as JSON: the same bytes for the same plan.</summary>
public static class PlanFile
{
    internal const string Name = "plan.json";

    public static byte[] Serialize(InterventionPlan plan) => JsonSerializer.SerializeToUtf8Bytes(plan, Json.Line);

    /// <summary>What no plan says, whatever the model; its layers and units are held against the model when it is run.</summary>
    /// <exception cref="StoreException">It says such a thing: the message names it.</exception>
    internal static InterventionPlan Checked(InterventionPlan plan, string path)
    {
        StoreException Wrong(string what) => new($"{path} is no plan that can be run: {what} Expected a plan, as the analysis of a trace makes it.");
        string? Twice<T>(IEnumerable<T> items) => items.GroupBy(item => item).FirstOrDefault(same => same.Count() > 1)?.Key?.ToString();
        if (plan.MaskingShare is not (> 0 and <= 1))
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"masking_share is {plan.MaskingShare}; expected a number above 0 and at most 1."));
        if (plan.MaskingLayers.Any(layer => layer < 0) || Twice(plan.MaskingLayers) is not null)
            throw Wrong("masking_layers holds a negative number, or one twice.");
        if (Twice(plan.QuestionIds.Concat(plan.ReferenceIds)) is { } question) throw Wrong($"it names question {question} twice.");
        foreach (var arm in plan.Arms)
            if (arm.Part == InterventionPart.None || arm.Draw < 0 || arm.Units.Any(unit => unit < 0) || Twice(arm.Units) is not null
                || (arm.Part == InterventionPart.Ablation) != arm.Units.Count > 0)
                throw Wrong($"arm {arm.Name} changes nothing, or has a negative draw or unit, a unit twice, or units where it has no use for them.");
        if (Twice(plan.Arms.Select(arm => arm.Name)) is { } name) throw Wrong($"two of its arms are {name}.");
        return plan;
    }

    /// <exception cref="StoreException">The file is missing or no plan.</exception>
    public static InterventionPlan Read(string path)
    {
        try
        {
            return Checked(Json.Parse<InterventionPlan>(FileDoor.ReadAllBytes(path), path), path);
        }
        catch (FileException e)
        {
            throw new StoreException($"{e.Message} Expected a plan, as the analysis of a trace makes it.", e);
        }
    }

    /// <exception cref="StoreException">It cannot be written.</exception>
    public static void Write(string path, InterventionPlan plan) => AtomicFile.Write(path, stream => stream.Write(Serialize(plan)));
}
