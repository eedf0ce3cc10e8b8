using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Models;
using Xunit;

namespace Vrp.Harness.Tests.Claims;

public class ClaimRegistryTests
{
    [Fact]
    public void All_Claims_HaveDistinctIdsAndNothingLeftEmpty()
    {
        ClaimRegistry.All.Select(claim => claim.Id).Should().OnlyHaveUniqueItems();
        foreach (var claim in ClaimRegistry.All)
        {
            claim.Figures.Should().NotBeEmpty(claim.Id);
            claim.Traps.Should().NotBeEmpty(claim.Id);
            foreach (var text in new[] { claim.Text, claim.PublishedForm, claim.JudgedForm, claim.Method, claim.SupportedWhen, claim.RefutedWhen,
                claim.NotRunWhen }) text.Should().NotBeNullOrWhiteSpace(claim.Id);
        }
    }

    [Fact]
    public void All_ClaimClass_IsRegistered() => typeof(Claim).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Claim)))
        .Should().BeEquivalentTo(ClaimRegistry.All.Select(claim => claim.GetType()), "a claim that is not in the registry is judged by nobody");

    [Fact]
    public void Get_ByType_IsTheClaim() => ClaimRegistry.Get<HiddenStateProbe>().Should().BeSameAs(ClaimRegistry.Get("hidden-state-probe"));

    [Theory]
    [InlineData("attention-sharpness", "r_pb_k", ModelFamily.Llava, 0.001)]
    [InlineData("attention-heads", "r2_top_heads", ModelFamily.PaliGemma, 0.080)]
    [InlineData("attention-classifier", "accuracy", ModelFamily.Qwen2VL, 52)]
    [InlineData("attention-masking", "accuracy_difference", ModelFamily.PaliGemma, -11.3)]
    [InlineData("hidden-state-probe", "auroc", ModelFamily.Llava, 0.956)]
    [InlineData("hidden-state-probe", "auroc", ModelFamily.PaliGemma, 0.738)]
    [InlineData("self-consistency", "auroc", ModelFamily.PaliGemma, 0.81)]
    [InlineData("confidence-baselines", "auroc_first_token_entropy", ModelFamily.Qwen2VL, 0.51)]
    [InlineData("logit-lens", "peak_margin", ModelFamily.PaliGemma, 10.85)]
    [InlineData("fusion", "auroc", ModelFamily.Qwen2VL, 0.971)]
    public void Published_PrintedFigure_IsThePapers(string claim, string measure, ModelFamily family, double expected) =>
        ClaimRegistry.Get(claim).Published(measure, family).Should().Be(expected);

    [Fact]
    public void Published_NotPrinted_IsNull() => ClaimRegistry.Get("attention-masking").Published("accuracy_difference", ModelFamily.Qwen2VL).Should().BeNull();

    [Fact]
    public void Get_Unknown_ListsTheClaims() =>
        ((Action)(() => ClaimRegistry.Get("attention"))).Should().Throw<VrpException>().WithMessage("*hidden-state-probe*");

    [Fact]
    public void Render_Page_IsTheCommittedOne()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Harness.sln"))) folder = folder.Parent;
        var committed = File.ReadAllText(Path.Combine(folder!.FullName, "docs", "claims.md"));

        committed.ReplaceLineEndings("\n").Should().Be(ClaimsPage.Render(), "docs/claims.md is written by `./vrp selftest --claims-page docs/claims.md`");
    }
}
