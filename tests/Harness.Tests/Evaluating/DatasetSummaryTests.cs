using Vrp.Harness.Datasets;
using Vrp.Harness.Evaluating;

namespace Vrp.Harness.Tests.Evaluating;

public class DatasetSummaryTests
{
    static readonly DatasetOptions noImages = new() { CheckImages = false };

    [Fact]
    public void Render_SeveralKinds_SaysOfEachHowManyWhatIsExpectedAndThreeExamples()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl",
            """{"id": "c1", "image": "a.png", "question": "How many?", "kind": "count", "answers": ["2"]}""",
            """{"id": "c2", "image": "b.png", "question": "How many?", "kind": "count", "answers": ["two"]}""",
            """{"id": "c3", "image": "c.png", "question": "How many?", "kind": "count", "answers": ["3"]}""",
            """{"id": "c4", "image": "d.png", "question": "How many?", "kind": "count", "answers": ["3"]}""",
            """{"id": "x1", "image": "a.png", "question": "Which?", "kind": "choice", "options": ["cat", "dog"], "answers": ["B"], "split": "fit"}""");
        var lines = DatasetSummary.Render(DatasetReader.Open(file, noImages)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].Should().Be("q: the project's own fields, JSON lines; 5 questions about 4 images");
        lines[1].Should().Be("  count: 4 questions; gold 3 2, 2 1, two 1");
        lines[2].Should().StartWith("  judged by: one whole number");
        lines.Skip(3).Take(6).Where((_, i) => i % 2 == 0).Should()
            .Equal("    c1  a.png  \"How many?\"", "    c2  b.png  \"How many?\"", "    c3  c.png  \"How many?\"");
        lines[4].Should().Be("      \"2\" correct, \"two\" correct, \"I cannot tell.\" unparsed");
        lines[9].Should().Be("  choice: 1 question; gold B 1; split fit 1");
        lines[^1].Should().Be("      \"B\" correct, \"yes\" unparsed, \"I cannot tell.\" unparsed");
    }

    [Fact]
    public void Unanswerable_GoldThatItsOwnRuleRefuses_IsFound()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl",
            """{"id": "1", "image": "a.png", "question": "What?", "kind": "identify", "answers": ["boat"]}""",
            """{"id": "2", "image": "b.png", "question": "What?", "kind": "identify", "answers": ["no entry sign"]}""");
        DatasetSummary.Unanswerable(DatasetReader.Open(file, noImages)).Select(question => question.Id).Should().Equal(["2"], "\"no\" is a denial");
    }
}
