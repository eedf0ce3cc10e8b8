using System.Globalization;
using System.Text.Json;
using Vrp.Harness.Storage;
using Vrp.Models.Storage;

namespace Vrp.Harness.Intervening;

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
