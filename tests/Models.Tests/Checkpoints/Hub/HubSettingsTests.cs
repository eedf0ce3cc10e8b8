using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Models.Tests.Checkpoints.Hub;

/// <summary>The environment, as huggingface_hub reads it.</summary>
public sealed class HubSettingsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    HubSettings From(params (string Name, string Value)[] variables)
    {
        var set = variables.ToDictionary(pair => pair.Name, pair => pair.Value);
        return HubSettings.FromVariables(name => set.GetValueOrDefault(name) ?? (name == "HOME" ? folder.Root : null));
    }

    [Fact]
    public void FromVariables_NothingSet_IsTheHub()
    {
        var settings = From();
        (settings.Endpoint, settings.Token, settings.Offline, settings.Links).Should().Be(("https://huggingface.co", null, false, true));
        settings.Cache.Should().Be(folder.At(".cache", "huggingface", "hub"));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("on", true)]
    [InlineData("Yes", true)]
    [InlineData("TRUE", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void FromVariables_Switches_AreReadAsPythonDoes(string value, bool on)
    {
        From(("HF_HUB_OFFLINE", value)).Offline.Should().Be(on);
        From(("TRANSFORMERS_OFFLINE", value)).Offline.Should().Be(on);
        From(("HF_HUB_DISABLE_SYMLINKS", value)).Links.Should().Be(!on);
    }

    [Fact]
    public void FromVariables_EndpointAndTimeouts_AreTaken()
    {
        var settings = From(("HF_ENDPOINT", "https://mirror.example/hf/"), ("HF_HUB_DOWNLOAD_TIMEOUT", "30"), ("HF_HUB_ETAG_TIMEOUT", "2.5"));
        (settings.Endpoint, settings.DownloadTimeout, settings.EtagTimeout).Should()
            .Be(("https://mirror.example/hf", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2.5)));
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "huggingface.co")]
    [InlineData("HF_ENDPOINT", "file:///etc")]
    [InlineData("HF_ENDPOINT", "https://user:password@host")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "soon")]
    [InlineData("HF_HUB_ETAG_TIMEOUT", "0")]
    public void FromVariables_ValueThatCannotBe_NamesTheVariable(string name, string value) =>
        FluentActions.Invoking(() => From((name, value))).Should().Throw<HubException>().WithMessage($"{name}=*expected*");

    [Theory]
    [InlineData("https://user:password@host")]
    [InlineData("user:password@host/path")]
    [InlineData("https://host/?key=password")]
    public void FromVariables_EndpointWithASecret_DoesNotShowIt(string value) => FluentActions.Invoking(() => From(("HF_ENDPOINT", value)))
        .Should().Throw<HubException>().WithMessage("HF_ENDPOINT=*host*expected*").Which.Message.Should().NotContain("password");

    [Fact]
    public void Token_FirstOfVariablesAndFiles_IsTaken()
    {
        var file = folder.Write("elsewhere", "hf_path\n");
        folder.Write(".cache/huggingface/token", " hf_home \n");
        From().Token!.Secret.Should().Be("hf_home");
        From(("HF_TOKEN_PATH", file)).Token!.Secret.Should().Be("hf_path");
        From(("HF_TOKEN_PATH", "~/elsewhere")).Token!.Secret.Should().Be("hf_path");
        From(("HF_TOKEN_PATH", "$PLACE/elsewhere"), ("PLACE", folder.Root)).Token!.Secret.Should().Be("hf_path");
        From(("HUGGING_FACE_HUB_TOKEN", "hf_old"), ("HF_TOKEN_PATH", file)).Token!.Secret.Should().Be("hf_old");
        From(("HF_TOKEN", " hf_new\r\n"), ("HUGGING_FACE_HUB_TOKEN", "hf_old")).Token!.Secret.Should().Be("hf_new");
        From(("HF_TOKEN", "hf_new"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token.Should().BeNull();
    }

    [Theory]
    [InlineData("hf_a\nX-Evil: 1")]
    [InlineData("hf_a b")]
    [InlineData("hf_ä")]
    public void Token_OfOtherCharacters_IsRefusedWithoutBeingShown(string token) =>
        FluentActions.Invoking(() => From(("HF_TOKEN", token))).Should().Throw<HubException>().WithMessage("*HF_TOKEN*").Which.Message.Should()
            .NotContain("hf_a").And.NotContain("hf_ä");
}
