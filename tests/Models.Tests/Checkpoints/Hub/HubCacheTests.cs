using Vrp.Models.Checkpoints;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>A cache is built as huggingface_hub does: blobs by hash, snapshots of relative links, refs as text files.</summary>
public sealed class HubCacheTests : IDisposable
{
    const string Commit = "8c1a5bd02f4b7b0c2f1f4f9f1a2b3c4d5e6f7081", Other = "8c1aee0000000000000000000000000000000000";

    readonly TemporaryFolder folder = new();
    readonly HubCache cache;

    public HubCacheTests()
    {
        cache = new HubCache(folder.Root);
        Snapshot(Commit);
        folder.Write("models--acme--tiny-vlm/refs/main", Commit + "\n");
        folder.Write("models--acme--tiny-vlm/refs/refs/pr/3", Commit);
    }

    public void Dispose() => folder.Dispose();

    void Snapshot(string commit)
    {
        var snapshot = $"models--acme--tiny-vlm/snapshots/{commit}";
        Directory.CreateDirectory(folder.At(snapshot));
        folder.Write("models--acme--tiny-vlm/blobs/aaaa", SmallCheckpoint.Config);
        folder.Write("models--acme--tiny-vlm/blobs/bbbb", SafetensorsBytes.Of(SmallCheckpoint.Tensors));
        File.CreateSymbolicLink(folder.At(snapshot, "config.json"), "../../blobs/aaaa");
        File.CreateSymbolicLink(folder.At(snapshot, "model.safetensors"), "../../blobs/bbbb");
    }

    [Theory]
    [InlineData("acme/tiny-vlm")]
    [InlineData("acme/tiny-vlm@main")]
    [InlineData("acme/tiny-vlm@refs/pr/3")]
    [InlineData("acme/tiny-vlm@" + Commit)]
    [InlineData("acme/tiny-vlm@8c1a5b")]
    public void Open_RepositoryInTheCache_IsFoundThroughItsLinks(string name)
    {
        var checkpoint = Checkpoint.Open(name, cache);
        checkpoint.Folder.Should().Be(folder.At("models--acme--tiny-vlm", "snapshots", Commit));
        checkpoint.Name.Should().Be("acme/tiny-vlm");
        checkpoint.Commit.Should().Be(Commit, "it is part of what a run's results depend on");
        checkpoint.Tensors.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("models--acme--tiny-vlm/snapshots/" + Commit)]
    [InlineData("models--acme--tiny-vlm")]
    public void Open_FolderOfTheCache_IsKnownByItsRepository(string path) => Checkpoint.Open(folder.At(path)).Name.Should().Be("acme/tiny-vlm");

    [Fact]
    public void Open_RepositoryNotInTheCache_GivesTheDownloadCommand() =>
        FluentActions.Invoking(() => Checkpoint.Open("acme/absent@v2", cache)).Should().Throw<CheckpointNotFoundException>()
            .WithMessage($"*acme/absent is not in the hub cache {folder.Root}*vrp fetch acme/absent@v2*--fetch*HF_HUB_CACHE*");

    [Theory]
    [InlineData("v9")]
    [InlineData("8c1")]
    [InlineData("../../x")]
    [InlineData("8c1a5bd02f4b7b0c2f1f4f9f1a2b3c4d5e6f70810")]
    public void Open_RevisionNotInTheCache_ListsThoseThatAre(string revision) =>
        FluentActions.Invoking(() => Checkpoint.Open("acme/tiny-vlm@" + revision, cache)).Should().Throw<CheckpointNotFoundException>()
            .WithMessage($"*not its revision '{revision}'*acme/tiny-vlm@{Commit}*vrp fetch*");

    [Fact]
    public void Open_HashThatTwoSnapshotsShare_IsAmbiguous()
    {
        Snapshot(Other);
        FluentActions.Invoking(() => Checkpoint.Open("acme/tiny-vlm@8c1a", cache)).Should().Throw<CheckpointNotFoundException>()
            .WithMessage($"*ambiguous*{Commit}, {Other}*");
        Checkpoint.Open("acme/tiny-vlm@8c1ae", cache).Folder.Should().EndWith(Other);
    }

    [Fact]
    public void Open_LinkToABlobThatIsGone_GivesTheDownloadCommand()
    {
        File.Delete(folder.At("models--acme--tiny-vlm", "blobs", "bbbb"));
        FluentActions.Invoking(() => Checkpoint.Open("acme/tiny-vlm", cache)).Should().Throw<CheckpointNotFoundException>()
            .WithMessage($"*holds no weights*Complete the download with: vrp fetch acme/tiny-vlm@{Commit}*");
    }

    [Theory]
    [InlineData("/hub", "HF_HUB_CACHE=/hub;HF_HOME=/home/hf")]
    [InlineData("/old", "HUGGINGFACE_HUB_CACHE=/old;HF_HOME=/home/hf")]
    [InlineData("/hf/hub", "HF_HOME=/hf;XDG_CACHE_HOME=/xdg")]
    [InlineData("/xdg/huggingface/hub", "XDG_CACHE_HOME=/xdg")]
    [InlineData("/home/me/.cache/huggingface/hub", "HF_HOME=")]
    [InlineData("/home/me/hf/hub", "HF_HOME=~/hf")]
    [InlineData("/scratch/me/hf/hub", "HF_HOME=/scratch/$USER/hf;USER=me")]
    [InlineData("/scratch/me/hub", "HF_HUB_CACHE=/scratch/${USER}/hub;USER=me")]
    [InlineData("/scratch/$NOBODY/hub", "HF_HUB_CACHE=/scratch/$NOBODY/hub")]
    public void FromVariables_AsHuggingfaceHub(string root, string variables)
    {
        var set = variables.Split(';').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        HubCache.FromVariables(name => name == "HOME" ? "/home/me" : set.GetValueOrDefault(name)).Root.Should().Be(root);
    }

    [Theory]
    [InlineData("org/name", "org/name", null)]
    [InlineData("llava-hf/llava-1.5-7b-hf@a272c74", "llava-hf/llava-1.5-7b-hf", "a272c74")]
    [InlineData("org/name@refs/pr/3", "org/name", "refs/pr/3")]
    public void TryParse_Repository_IsSplit(string text, string repository, string? revision)
    {
        HubCache.TryParse(text, out var parsed, out var at).Should().BeTrue();
        (parsed, at).Should().Be((repository, revision));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("a/b/c")]
    [InlineData("./name")]
    [InlineData("org/name@")]
    [InlineData("org/..")]
    [InlineData("org/name\n")]
    public void TryParse_OtherText_IsNotARepository(string text) => HubCache.TryParse(text, out _, out _).Should().BeFalse();
}
