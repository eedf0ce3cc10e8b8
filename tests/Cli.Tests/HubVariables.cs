using Vrp.Harness.Tests;
using Vrp.Models.Tests.Checkpoints.Hub;

namespace Vrp.Cli.Tests;

/// <summary>A hub on loopback, and the variables that lead this process to it. Tests that use it are of one collection: variables are the process's.</summary>
public class HubVariables : IAsyncLifetime
{
    public const string Collection = "variables of the hub";

    static readonly string[] names = ["HF_ENDPOINT", "HF_HUB_CACHE", "HF_TOKEN", "VRP_COCO", "VRP_REPOPE"];

    readonly Dictionary<string, string?> before = names.ToDictionary(name => name, Environment.GetEnvironmentVariable);

    private protected TemporaryFolder Folder { get; } = new();

    private protected FakeHub Hub { get; private set; } = null!;

    private protected string Cache => Folder.At("hub");

    public async ValueTask InitializeAsync()
    {
        Hub = await FakeHub.Start();
        Environment.SetEnvironmentVariable("HF_ENDPOINT", Hub.Endpoint);
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Cache);
        Environment.SetEnvironmentVariable("HF_TOKEN", null);
        Environment.SetEnvironmentVariable("VRP_COCO", $"{Hub.Endpoint}/val2014");
        Environment.SetEnvironmentVariable("VRP_REPOPE", $"{Hub.Endpoint}/repope");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        await Hub.DisposeAsync();
        Folder.Dispose();
    }
}
