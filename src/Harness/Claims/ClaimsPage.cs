using System.Text;
using Vrp.Harness.Running;

namespace Vrp.Harness.Claims;

/// <summary>docs/claims.md, written from the claims (<c>vrp selftest --claims-page FILE</c>).</summary>
public static class ClaimsPage
{
    /// <summary>The page as Markdown, '\n' line ends.</summary>
    public static string Render()
    {
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        Line("# The fourteen claims");
        Line();
        Line("Written from `src/Harness/Claims/`, a file a claim, by `./vrp selftest --claims-page docs/claims.md`; a test holds the two together.");
        Line();
        Line("The study is arXiv 2605.08200 \"Where Reliability Lives in Vision-Language Models\" and arXiv 2606.17389 \"Visuals Lie, Consistency Speaks\". "
            + "Each claim has a *published form*, asserted as printed and");
        Line("recorded, and a *judged form* with controls, which decides the verdict.");
        Line();
        Line("- **Supported**: the deciding interval (95 %) is entirely on the claim's side. Where a claim needs several, all of them.");
        Line("- **Refuted**: it is entirely on the other side. Where several are needed, one such is enough.");
        Line("- **Inconclusive**: the interval crosses the bound at this n; the verdict says about how many questions would decide at the current estimate, "
            + "and the smallest effect detectable at this n.");
        Line("- **NotRun**: something that the claim needs is missing, not finite, of one class, or too small a cell. The reason is named; no number takes "
            + "its place.");
        Line();
        Line("\"No effect\" and \"no loss\" are equivalence and non-inferiority claims against a stated margin: correlation "
            + $"{Number(AttentionSharpness.Margin)}, "
            + $"AUROC {Number(StudyOptions.NoAuroc)}, accuracy {100 * StudyOptions.NoAccuracy:0} point, R² {Number(AttentionHeads.Margin)}. "
            + "A repeated (image, question), an image on both sides of a");
        Line("split, and an ablation of images that its units were chosen on are errors, not verdicts. No figure stands on fewer than 30 rows.");
        Line();
        Line("| claim | LLaVA-1.5 | PaliGemma | Qwen2-VL | figure |");
        Line("|---|---|---|---|---|");
        foreach (var claim in ClaimRegistry.All)
            foreach (var figure in claim.Figures)
                Line($"| `{claim.Id}` | {Number(figure.Llava)} | {Number(figure.PaliGemma)} | {Number(figure.Qwen2VL)} | "
                    + $"{figure.What}{(figure.Note is null ? "" : $" ({figure.Note})")} |");
        foreach (var claim in ClaimRegistry.All)
        {
            Line();
            Line($"## `{claim.Id}`");
            Line();
            Line(claim.Text);
            Line();
            Line($"- **Published form**: {claim.PublishedForm}");
            Line($"- **Judged form**: {claim.JudgedForm}");
            Line($"- **Method**: {claim.Method}");
            Line($"- **Supported** when {claim.SupportedWhen}. **Refuted** when {claim.RefutedWhen}. **NotRun** when {claim.NotRunWhen}. **Inconclusive** "
                + "otherwise.");
            Line("- **Traps**:");
            foreach (var trap in claim.Traps) Line($"  - {trap}");
        }

        return page.ToString();
    }

    static string Number(double? value) => value is { } printed ? NumberText.Number(printed) : "not printed";
}
