using FluentAssertions;
using Vrp.Harness.Claims;
using Vrp.Models;
using Xunit;

namespace Vrp.Harness.Tests.Claims;

public class CatalogueTests
{
    [Fact]
    public void All_Fourteen_WithDistinctIdsAndNothingLeftEmpty()
    {
        ClaimCatalogue.All.Should().HaveCount(14);
        ClaimCatalogue.All.Select(claim => claim.Id).Should().OnlyHaveUniqueItems();
        foreach (var claim in ClaimCatalogue.All)
        {
            claim.Figures.Should().NotBeEmpty(claim.Id);
            claim.Traps.Should().NotBeEmpty(claim.Id);
            foreach (var text in new[] { claim.Text, claim.PublishedForm, claim.JudgedForm, claim.Method, claim.Supported, claim.Refuted, claim.NotRun }) text.Should().NotBeNullOrWhiteSpace(claim.Id);
        }
    }

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
    public void Published_PrintedFigure_IsThePapers(string claim, string measure, ModelFamily family, double expected) => ClaimCatalogue.Get(claim).Published(measure, family).Should().Be(expected);

    [Fact]
    public void Published_NotPrinted_IsNull() => ClaimCatalogue.Get("attention-masking").Published("accuracy_difference", ModelFamily.Qwen2VL).Should().BeNull();

    [Fact]
    public void Get_Unknown_ListsTheClaims() => ((Action)(() => ClaimCatalogue.Get("attention"))).Should().Throw<VrpException>().WithMessage("*hidden-state-probe*");

    [Fact]
    public void Render_Page_IsTheCommittedOne()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Harness.sln"))) folder = folder.Parent;
        var committed = File.ReadAllText(Path.Combine(folder!.FullName, "docs", "claims.md"));

        committed.ReplaceLineEndings("\n").Should().Be(ClaimsPage.Render(), "docs/claims.md is written by `./vrp selftest --claims-page docs/claims.md`");
    }
}
