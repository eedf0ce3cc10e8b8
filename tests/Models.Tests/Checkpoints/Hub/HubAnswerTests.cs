using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>Refusals: each its own sentence, with what to do.</summary>
public sealed class HubAnswerTests : HubTest
{
    const string Revision = "/revision/main";

    [Fact]
    public async Task Fetch_GatedWithoutToken_SaysAcceptTheTermsAndSetAToken()
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", Revision, 401, ("X-Error-Code", "GatedRepo"),
            ("X-Error-Message", "Access to model acme/tiny-vlm is restricted. You must have access to it and be authenticated to access it. Please log in."));
        await Refused(HubProblem.Gated, "acme/tiny-vlm is gated", $"Accept its terms at {Hub.Endpoint}/acme/tiny-vlm", "HF_TOKEN", "/settings/tokens");
    }

    [Theory]
    [InlineData("/config.json")]
    [InlineData("/model.safetensors")]
    public async Task Fetch_GatedAtItsFilesAlone_SaysTheSame(string file)
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/resolve/" + FakeHub.Commit + file, 401, ("X-Error-Code", "GatedRepo"), ("X-Error-Message", "Please log in."));
        await Refused(HubProblem.Gated, "acme/tiny-vlm is gated", "Accept its terms", "HF_TOKEN");
        File.Exists(Path.Combine(Cache, "models--acme--tiny-vlm", "refs", "main")).Should().BeFalse("the name means nothing before all is there");
    }

    [Fact]
    public async Task Fetch_GatedForThisAccount_SaysAskForAccess()
    {
        Settings = Settings with { Token = Token("hf_secret") };
        Hub.Once("GET", Revision, 403, ("X-Error-Code", "GatedRepo"),
            ("X-Error-Message", "Access to model acme/tiny-vlm is restricted and you are not in the authorized list."));
        await Refused(HubProblem.Gated, "the token of HF_TOKEN is not on its list", "Ask for access at");
    }

    [Fact]
    public async Task Fetch_WrongToken_IsNotCalledNotFound()
    {
        Settings = Settings with { Token = Token("hf_secret") };
        Hub.Once("GET", Revision, 401, ("X-Error-Message", "Invalid credentials in Authorization header"));
        var error = await Refused(HubProblem.WrongToken, "the token of HF_TOKEN", "wrong or expired");
        error.Message.Should().NotContain("not found");
    }

    [Fact]
    public async Task Fetch_DisabledRepository_SaysThatNoTokenHelps()
    {
        Hub.Once("GET", Revision, 403, ("X-Error-Message", "Access to this resource is disabled."));
        await Refused(HubProblem.Disabled, "has disabled acme/tiny-vlm");
    }

    [Fact]
    public async Task Fetch_404OfTheRepository_SaysMissingOrPrivate() =>
        await Refused(HubProblem.RepositoryNotFound, "was not found", "or you have no access", "set HF_TOKEN");

    [Fact]
    public async Task Fetch_401WithoutCode_SaysMissingOrPrivate()
    {
        Hub.AddCheckpoint(Model).Token = "hf_other";
        await Refused(HubProblem.RepositoryNotFound, "was not found", "set HF_TOKEN");
        Settings = Settings with { Token = Token("hf_mine") };
        await Refused(HubProblem.RepositoryNotFound, "the token of HF_TOKEN is another's");
    }

    [Theory]
    [InlineData("file:///etc/passwd", HubProblem.NotAHub, "redirects to an address of file:")]
    [InlineData("ftp://127.0.0.1/x", HubProblem.NotAHub, "redirects to an address of ftp:")]
    [InlineData("http://[", HubProblem.NotAHub, "answers 302")]
    public async Task Fetch_RedirectToNoAddressOfTheWeb_IsRefused(string location, HubProblem problem, string said)
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/resolve/", 302, ("Location", location));
        await Refused(problem, said);
    }

    [Fact]
    public async Task Fetch_WaitBeyondAllBounds_IsNotWaitedFor()
    {
        Hub.Once("GET", Revision, 429, ("RateLimit", "\"api\";r=0;t=2147483647"));
        await Refused(HubProblem.RateLimited, "limit of requests");
        Waits.Should().BeEmpty();
    }

    [Fact]
    public async Task Fetch_ListThatUnpacksToGigabytes_IsRefusedAtItsBound()
    {
        Hub.AddCheckpoint(Model);
        var bomb = FakeHub.Gzip(new byte[80 << 20]);
        Hub.Once("GET", "/tree/", context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return FakeHub.Bytes(context, 200, bomb);
        });
        await Refused(HubProblem.NotAHub, "more than 67108864 bytes");
    }

    [Fact]
    public async Task Fetch_IndexThatCannotBeUnpacked_IsRefused()
    {
        Hub.Add(Model, "config.json", SmallCheckpoint.Config).Add(Model, "tokenizer.json", "{}").Add(Model, "model.safetensors.index.json", "{}");
        Hub.Once("GET", "model.safetensors.index.json", context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return FakeHub.Bytes(context, 200, [1, 2, 3, 4]);
        });
        await Refused(HubProblem.NotAHub, "cannot be unpacked");
    }

    [Fact]
    public async Task Fetch_404OfTheRevision_NamesIt()
    {
        Hub.AddCheckpoint(Model);
        var error = (await FluentActions.Awaiting(() => Fetch($"{Model}@v9")).Should().ThrowAsync<HubException>()).Which;
        (error.Problem, error.Message).Should().Be((HubProblem.RevisionNotFound,
            $"acme/tiny-vlm has no revision 'v9'. Its branches and tags are listed at {Hub.Endpoint}/acme/tiny-vlm/tree/main."));
    }

    [Fact]
    public async Task Fetch_404OfAFile_NamesIt()
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", "/config.json", 404, ("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", FakeHub.Commit));
        await Refused(HubProblem.FileNotFound, "acme/tiny-vlm has no file config.json");
    }

    [Theory]
    [InlineData("RateLimit", "\"resolvers\";r=0;t=55", 56)]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("X-Nothing", "", 1)]
    public async Task Fetch_429_WaitsAsTold(string header, string value, int seconds)
    {
        Hub.AddCheckpoint(Model);
        Hub.Once("GET", Revision, 429, (header, value));
        await Fetch();
        Waits.Should().Equal(TimeSpan.FromSeconds(seconds));
        Said.Should().HaveCount(seconds > 10 ? 1 : 0);
    }

    [Fact]
    public async Task Fetch_429WithoutEnd_SaysThatATokenRaisesTheLimit()
    {
        for (var i = 0; i < 6; i++) Hub.Once("GET", Revision, 429);
        await Refused(HubProblem.RateLimited, "limit of requests", "HF_TOKEN");
    }

    [Fact]
    public async Task Fetch_AnswerThatIsNoJson_NamesEndpointAndProxy()
    {
        Hub.Once("GET", Revision, context => FakeHub.Bytes(context, 200, "<html>Log in to the guest network</html>"u8.ToArray()));
        await Refused(HubProblem.NotAHub, "HF_ENDPOINT", "proxy");
    }

    [Fact]
    public async Task Fetch_NoXRepoCommit_NamesEndpointAndProxy()
    {
        Hub.AddCheckpoint(Model).HasApi = false;
        Hub.Once("HEAD", "/resolve/main/config.json", 200);
        await Refused(HubProblem.NotAHub, "without X-Repo-Commit", "HF_ENDPOINT", "proxy");
    }

    [Fact]
    public async Task Fetch_ApiSendsToAnotherHost_SaysWhichEndpointToSet()
    {
        Settings = Settings with { Token = Token("hf_secret") };
        Hub.Once("GET", Revision, 308, ("Location", $"http://127.0.0.1:{Hub.StoragePort}/api/models/acme/tiny-vlm"));
        await Refused(HubProblem.NotAHub, $"HF_ENDPOINT=http://127.0.0.1:{Hub.StoragePort}");
        Hub.Requests.Should().NotContain(request => request.Port == Hub.StoragePort);
    }

    [Fact]
    public async Task Fetch_RedirectsInACircle_Ends()
    {
        for (var i = 0; i < 20; i++) Hub.Once("GET", Revision, 307, ("Location", $"/api/models/acme/tiny-vlm{Revision}"));
        await Refused(HubProblem.NotAHub, "circle");
    }

    [Fact]
    public async Task Fetch_Warning_IsSaidOnce()
    {
        Hub.AddCheckpoint(Model);
        for (var i = 0; i < 2; i++) Hub.Once("GET", "/tree/", async context =>
        {
            context.Response.Headers["X-HF-Warning"] = "deprecated; use another endpoint";
            await FakeHub.Bytes(context, 200, "[]"u8.ToArray());
        });
        await Refused(HubProblem.NoWeights);
        Said.Should().Equal("the hub says: use another endpoint");
    }

    [Fact]
    public async Task Token_InAnyMessageOrText_IsNotThere()
    {
        const string secret = "hf_veryverysecret";
        Hub.AddCheckpoint(Model).Token = "hf_other";
        Settings = Settings with { Token = Token(secret) };
        var error = await Refused(HubProblem.RepositoryNotFound);
        (error + Settings.ToString() + string.Concat(Said)).Should().NotContain(secret).And.Contain("HF_TOKEN");
        Hub.Requests.Should().OnlyContain(request => request.Authorization == $"Bearer {secret}");
    }
}
