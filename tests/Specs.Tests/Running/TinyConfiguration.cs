using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Vrp.Specs.Tests.Running;

/// <summary>What <see cref="SpecSession.Current"/> of this process reads: one fixture model on twenty images without interventions, one required model that is
/// not there, one optional, and no ledger yet.</summary>
static class TinyConfiguration
{
    public const string Subject = "llava", Missing = "missing", Optional = "optional";

    public static string Folder { get; } = Directory.CreateTempSubdirectory("vrp-specs-").FullName;

    [ModuleInitializer]
    internal static void Write()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Harness.sln"))) root = root.Parent;
        var path = Path.Combine(Folder, "vrp.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            subjects = new object[]
            {
                new { name = Subject, checkpoint = Path.Combine(root.FullName, "fixtures/checkpoints/llava") },
                new { name = Missing, checkpoint = "nowhere" },
                new { name = Optional, checkpoint = "nowhere", required = false },
            },
            data = new { study = new { files = new[] { Path.Combine(root.FullName, "fixtures/world/study.jsonl") }, limit = 20 } },
            trace = new { k = 2, max_new_tokens = 4 },
            budget = "none",
            protocol = new { draws = 200, permutations = 0 },
            ledger = "ledger.json",
        }));
        Environment.SetEnvironmentVariable("VRP_CONFIG", path);
        Environment.SetEnvironmentVariable("VRP_CACHE", Path.Combine(Folder, "cache"));
        Environment.SetEnvironmentVariable("VRP_THREADS", "1");
        // A job's own variables would change what is tested here.
        foreach (var name in new[] { "VRP_SUBJECTS", "VRP_LIMIT", "VRP_BUDGET", "VRP_DEVICE", "VRP_DTYPE", "VRP_IMAGES" })
            Environment.SetEnvironmentVariable(name, null);
    }
}
