using System.Collections.Concurrent;
using Vrp.Models.Checkpoints;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>A hub, a cache and a clock that does not wait.</summary>
public abstract class HubTest : IAsyncLifetime
{
    protected const string Model = "acme/tiny-vlm";

    private protected TemporaryFolder Folder { get; } = new();

    private protected FakeHub Hub { get; private set; } = null!;

    private protected HubSettings Settings { get; set; } = null!;

    private protected Machine Machine { get; set; } = null!;

    private protected ConcurrentQueue<TimeSpan> Waits { get; } = new();

    private protected ConcurrentQueue<string> Said { get; } = new();

    private protected string Cache => Settings.Cache;

    private protected string Snapshot => Path.Combine(Cache, "models--acme--tiny-vlm", "snapshots", FakeHub.Commit);

    private protected string Blob(string path) => Path.Combine(Cache, "models--acme--tiny-vlm", "blobs", Hub.EtagOf(Model, path));

    public async ValueTask InitializeAsync() => await Restart("");

    private protected async Task Restart(string prefix)
    {
        if (Hub is not null) await Hub.DisposeAsync();
        Hub = await FakeHub.Start(prefix);
        Settings = new HubSettings { Endpoint = Hub.Endpoint, Cache = Folder.At("cache"), DownloadTimeout = TimeSpan.FromSeconds(5),
            EtagTimeout = TimeSpan.FromSeconds(5) };
        Machine = new Machine
        {
            Delay = (time, cancel) =>
            {
                Waits.Enqueue(time);
                return Task.Delay(1, cancel);
            },
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Folder.Dispose();
    }

    private protected async Task<string> Fetch(string repository = Model)
    {
        using var fetch = new HubFetch(Settings, Said.Enqueue, Machine);
        return await fetch.Run(await fetch.Plan(HubRepository.Parse(repository)));
    }

    private protected async Task<HubException> Refused(HubProblem problem, params string[] words)
    {
        var error = (await FluentActions.Awaiting(() => Fetch()).Should().ThrowAsync<HubException>()).Which;
        error.Problem.Should().Be(problem, error.Message);
        foreach (var word in words) error.Message.Should().Contain(word);
        return error;
    }

    private protected static HubToken Token(string secret) => HubToken.Find(name => name == "HF_TOKEN" ? secret : null)!;
}
