using System.Text;
using System.Text.Json;
using Vrp.Models.Checkpoints;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>Which files: by the hub's list or without one, and never a path out of the cache.</summary>
public sealed class HubListingTests : HubTest
{
    const string First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";

    void AddSharded(string first = First, string second = Second) => Hub.Add(Model, "config.json", SmallCheckpoint.Config).Add(Model, "tokenizer.json", "{}")
        .Add(Model, first, SafetensorsBytes.Of(SmallCheckpoint.Tensors[0]), large: true)
            .Add(Model, second, SafetensorsBytes.Of(SmallCheckpoint.Tensors[1]), large: true)
        .Add(Model, "model.safetensors.index.json", JsonSerializer.Serialize(new { weight_map = new Dictionary<string,
            string> { [SmallCheckpoint.Embedding] = first, [SmallCheckpoint.Norm] = second } }));

    async Task<string[]> Planned()
    {
        using var fetch = new HubFetch(Settings, Said.Enqueue, Machine);
        return [.. (await fetch.Plan(HubRepository.Parse(Model))).Files.Select(file => file.Path)];
    }

    [Fact]
    public async Task Plan_Repository_TakesOneModelAndWhatItNeeds()
    {
        AddSharded();
        foreach (var other in new[] { "README.md", "pytorch_model.bin", "model.gguf", "consolidated.pth", "onnx/model.onnx", "sub/config.json",
            "preprocessor_config.json", "chat_template.jinja" })
            Hub.Add(Model, other, "x");
        (await Planned()).Should().Equal("config.json", "tokenizer.json", "preprocessor_config.json", "chat_template.jinja", "model.safetensors.index.json",
            First, Second);
        Directory.Exists(Cache).Should().BeFalse("planning writes nothing");
    }

    [Fact]
    public async Task Plan_SingleFileBesideShards_IsPreferred()
    {
        AddSharded();
        Hub.AddCheckpoint(Model);
        (await Planned()).Should().Equal("config.json", "tokenizer.json", "model.safetensors");
    }

    [Fact]
    public async Task Fetch_ListOfTwoPages_IsReadToItsEnd()
    {
        AddSharded();
        Hub.PageSize = 3;
        await Fetch();
        Hub.Requests.Count(request => request.Target.Contains("/tree/")).Should().Be(2);
        Checkpoint.Open(Model, new HubCache(Cache)).Tensors.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("../../../outside.json")]
    [InlineData("/etc/cron.d/outside")]
    [InlineData("a/../../outside")]
    [InlineData("C:\\outside")]
    [InlineData("..\\outside")]
    [InlineData("bell\u0007")]
    public async Task Fetch_ListWithAPathOutside_IsRefusedWhole(string name)
    {
        Hub.AddCheckpoint(Model).Add(Model, name, "x");
        var error = await Refused(HubProblem.Hostile, "no path inside a repository");
        error.Message.Should().NotContain("\u0007");
        Directory.Exists(Cache).Should().BeFalse();
    }

    [Theory]
    [InlineData("../../outside.safetensors")]
    [InlineData("/tmp/outside.safetensors")]
    public async Task Fetch_IndexWithAPathOutside_IsRefused(string name)
    {
        Hub.Add(Model, "config.json", SmallCheckpoint.Config).Add(Model, "tokenizer.json", "{}")
            .Add(Model, "model.safetensors.index.json", JsonSerializer.Serialize(new { weight_map = new { a = name } }));
        await Refused(HubProblem.Hostile, "index", "outside");
    }

    [Theory]
    [InlineData("../../../outside")]
    [InlineData("abc")]
    [InlineData("")]
    public async Task Fetch_EtagThatIsNoHash_IsRefused(string etag)
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/tree/", context => FakeHub.Bytes(context, 200,
            Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new[] { new { type = "file", path = "config.json", size = 1, oid = etag } }))));
        await Refused(HubProblem.NotAHub, "etag", "HF_ENDPOINT");
    }

    [Theory]
    [InlineData("W/\"{0}\"")]
    [InlineData("\"{0}\"")]
    [InlineData("{0}")]
    public async Task Fetch_EtagInEveryForm_IsTheHash(string form)
    {
        Hub.AddCheckpoint(Model).HasApi = false;
        var etag = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Hub.EtagOf(Model, "tokenizer.json"));
        Hub.Once("HEAD", "/tokenizer.json", 200, ("X-Repo-Commit", FakeHub.Commit), ("ETag", etag));
        await Fetch();
        new FileInfo(Path.Combine(Snapshot, "tokenizer.json")).LinkTarget.Should().EndWith("/" + Hub.EtagOf(Model, "tokenizer.json"));
    }

    [Fact]
    public async Task Plan_IndexThatArrivesChanged_IsRefused()
    {
        AddSharded();
        Hub.Once("GET", "/model.safetensors.index.json", context => FakeHub.Bytes(context, 200, """{"weight_map":{}}"""u8.ToArray()));
        await Refused(HubProblem.Damaged, "model.safetensors.index.json", "git SHA-1");
        Directory.Exists(Cache).Should().BeFalse();
    }

    [Fact]
    public async Task Plan_IndexThatGoesSilent_IsAskedForAgain()
    {
        AddSharded();
        Settings = Settings with { LongestText = TimeSpan.FromMilliseconds(300) };
        Hub.Once("GET", "/model.safetensors.index.json", async context =>
        {
            await context.Response.Body.WriteAsync("{"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        (await Planned()).Should().Contain(First).And.Contain(Second);
        Waits.Should().Equal(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Fetch_NamesWithHashBlankAndPercent_AreQuoted()
    {
        AddSharded("part #1 100%.safetensors", "part %41+&.safetensors");
        await Fetch();
        Checkpoint.Open(Model, new HubCache(Cache)).Tensors.Should().HaveCount(2);
    }

    [Fact]
    public async Task Fetch_RevisionWithASlash_IsOneSegmentAndANestedRef()
    {
        Hub.AddCheckpoint(Model).Revisions.Add("refs/pr/3");
        await Fetch($"{Model}@refs/pr/3");
        Hub.Requests.First().Target.Should().Be("/api/models/acme/tiny-vlm/revision/refs%2Fpr%2F3");
        File.ReadAllText(Path.Combine(Cache, "models--acme--tiny-vlm", "refs", "refs", "pr", "3")).Should().Be(FakeHub.Commit);
        Checkpoint.Open($"{Model}@refs/pr/3", new HubCache(Cache)).Folder.Should().Be(Snapshot);
    }

    [Fact]
    public async Task Fetch_EndpointWithAPath_KeepsIt()
    {
        await Restart("/mirror/hf");
        Hub.AddCheckpoint(Model);
        await Fetch();
        Hub.Requests.Where(request => request.Port == Hub.Port).Should().OnlyContain(request => request.Target.StartsWith("/mirror/hf/"));
    }

    [Fact]
    public async Task Fetch_MirrorWithoutApi_AsksFileByFile()
    {
        AddSharded();
        Hub.HasApi = false;
        await Fetch();
        Checkpoint.Open(Model, new HubCache(Cache)).Tensors.Should().HaveCount(2);
        File.Exists(Path.Combine(Cache, "models--acme--tiny-vlm", ".no_exist", FakeHub.Commit, "chat_template.jinja")).Should()
            .BeTrue("the hub said that the commit has none");
        Hub.Requests.Where(request => request.Method == "HEAD").Should()
            .NotContain(request => request.Port == Hub.StoragePort, "what a file is stands on the redirect itself");
        File.Exists(Path.Combine(Snapshot, "config.json")).Should().BeTrue("its etag was weak: W/\"…\"");
        new FileInfo(Path.Combine(Snapshot, "config.json")).LinkTarget.Should().EndWith(Hub.EtagOf(Model, "config.json"));
    }

    [Fact]
    public async Task Fetch_MirrorWithoutApiOrSizes_VerifiesAllTheSame()
    {
        Hub.AddCheckpoint(Model).HasApi = false;
        Hub.SaysSizes = false;
        Hub.Once("GET", "/xet/", context => FakeHub.Bytes(context, 200, [1, 2, 3]));
        await Refused(HubProblem.Damaged, "model.safetensors");
        await Fetch();
        Checkpoint.Open(Model, new HubCache(Cache)).Tensors.Should().HaveCount(2);
    }

    static string Entry(string path, string size = "2", string oid = "\"0123456789012345678901234567890123456789\"") =>
        $"{{\"type\":\"file\",\"path\":{path},\"size\":{size},\"oid\":{oid}}}";

    public static TheoryData<string, string> WrongLists => new()
    {
        { Entry("null"), "without type, path, size or oid" },
        { Entry("\"a\"", oid: "null"), "without type, path, size or oid" },
        { Entry("\"a\"", size: "1.5"), "without type, path, size or oid" },
        { $"{Entry("\"a\"")},{Entry("\"a\"")}", "names a more than once" },
        { Entry("\"a\"", size: "9223372036854775807"), "the size 9223372036854775807" },
    };

    [Theory, MemberData(nameof(WrongLists))]
    public async Task Plan_ListThatNoHubSends_IsRefused(string entries, string said)
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/tree/", context => FakeHub.Bytes(context, 200, Encoding.UTF8.GetBytes($"[{entries}]")));
        await Refused(HubProblem.NotAHub, said);
    }

    [Theory]
    [InlineData("http://[", "without an address in Link")]
    [InlineData("file:///etc/passwd", "without an address in Link")]
    [InlineData("http://127.0.0.2:9/list", "sends to another host")]
    public async Task Plan_NextPageThatIsNoneOfTheHub_IsRefused(string next, string said)
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/tree/", context =>
        {
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
            return FakeHub.Bytes(context, 200, "[]"u8.ToArray());
        });
        await Refused(HubProblem.NotAHub, said);
    }

    [Fact]
    public async Task Plan_IndexThatNamesOtherFilesAsShards_IsRefused()
    {
        AddSharded();
        Hub.Add(Model, "model.safetensors.index.json", """{"weight_map":{"a":"config.json"}}""");
        await Refused(HubProblem.NoWeights, "no name of a .safetensors file");
        Hub.HasApi = false;
        await Refused(HubProblem.NoWeights, "no name of a .safetensors file");
    }

    [Fact]
    public async Task Fetch_PickleAlone_SaysWhatIsThere()
    {
        Hub.Add(Model, "config.json", SmallCheckpoint.Config).Add(Model, "pytorch_model.bin", "x");
        await Refused(HubProblem.NoWeights, "neither model.safetensors nor", "pytorch_model.bin", "convert");
    }

    [Theory]
    [InlineData("a--b/c")]
    [InlineData("a/b..c")]
    [InlineData("a/b.git")]
    [InlineData("a/b@../x")]
    [InlineData("nobody")]
    public void Parse_NameThatTheHubForbids_IsRefused(string name) =>
        FluentActions.Invoking(() => HubRepository.Parse(name)).Should().Throw<HubException>().WithMessage("*expected org/name or org/name@revision*");
}
