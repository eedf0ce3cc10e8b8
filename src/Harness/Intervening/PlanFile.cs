using System.Text.Json;
using Vrp.Harness.Storage;
using Vrp.Models.Storage;

namespace Vrp.Harness.Intervening;

/// <summary>A plan as JSON: the same bytes for the same plan.</summary>
public static class PlanFile
{
    internal const string Name = "plan.json";

    public static byte[] Serialize(InterventionPlan plan) => JsonSerializer.SerializeToUtf8Bytes(plan, Json.Line);

    /// <exception cref="StoreException">The file is missing or no plan.</exception>
    public static InterventionPlan Read(string path)
    {
        try
        {
            return Json.Parse<InterventionPlan>(FileDoor.ReadAllBytes(path), path);
        }
        catch (FileException e)
        {
            throw new StoreException($"{e.Message} Expected a plan, as the analysis of a trace makes it.", e);
        }
    }

    /// <exception cref="StoreException">It cannot be written.</exception>
    public static void Write(string path, InterventionPlan plan) => AtomicFile.Write(path, stream => stream.Write(Serialize(plan)));
}
