using Vrp.Harness.Datasets;

namespace Vrp.Harness.Tests.Datasets;

public class CorrectedLabelsTests
{
    static readonly DatasetOptions noImages = new() { CheckImages = false };

    static Dataset Three(TemporaryFolder folder) => DatasetReader.Open(folder.Write("q.jsonl",
        """{"question_id": 1, "image": "a.jpg", "text": "Is there a dog in the image?", "label": "yes"}""",
        """{"question_id": 2, "image": "a.jpg", "text": "Is there a cat in the image?", "label": "no"}""",
        """{"question_id": 3, "image": "b.jpg", "text": "Is there a cat in the image?", "label": "no"}"""), noImages);

    [Fact]
    public void Apply_ChangedAndAmbiguous_RelabelsAndDrops()
    {
        using var folder = new TemporaryFolder();
        var result = CorrectedLabels.Load(folder.Write("c.jsonl",
            """{"image": "a.jpg", "question": "is there a dog  in the image?", "label": "no"}""",
            """{"image": "a.jpg", "question": "Is there a cat in the image?", "label": "ambiguous"}""",
            """{"image": "b.jpg", "question": "Is there a cat in the image?", "label": "no"}""")).Apply(Three(folder));
        (result.Changed, result.Dropped, result.Questions).Should().Be((1, 1, 3));
        result.Dataset.Questions.Select(s => (s.Id, s.Answers[0])).Should().Equal(("q-1", "no"), ("q-3", "no"));
    }

    [Fact]
    public void Apply_UnlistedQuestion_IsDroppedAsRePopeDoesOrKept()
    {
        using var folder = new TemporaryFolder();
        // RePOPE's files have POPE's own fields; ambiguous questions are not in them.
        var file = folder.Write("c.jsonl",
            """{"question_id": 1, "image": "a.jpg", "text": "Is there a dog in the image?", "label": "no"}""",
            """{"question_id": 3, "image": "b.jpg", "text": "Is there a cat in the image?", "label": "no"}""");
        CorrectedLabels.Load(file).Apply(Three(folder)).Dataset.Questions.Select(s => s.Id).Should().Equal("q-1", "q-3");
        CorrectedLabels.Load(file).Apply(Three(folder), UnlistedLabel.Keep).Dataset.Questions.Select(s => s.Answers[0]).Should().Equal("no", "no", "no");
    }

    [Fact]
    public void Apply_OtherSplit_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var labels = CorrectedLabels.Load(folder.Write("c.jsonl", """{"image": "z.jpg", "question": "Is there a dog in the image?", "label": "no"}"""));
        var apply = () => labels.Apply(Three(folder));
        apply.Should().Throw<DatasetException>().WithMessage("*lists 0 of the 3 yes-no questions of q*");
    }

    [Fact]
    public void Load_UnknownLabelOrRepeat_ListsRows()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("c.jsonl",
            """{"image": "a.jpg", "question": "A?", "label": "perhaps"}""",
            """{"image": "a.jpg", "question": "B?", "label": "no"}""", """{"image": "a.jpg", "question": "b?", "label": "yes"}""");
        var load = () => CorrectedLabels.Load(file);
        load.Should().Throw<DatasetException>().WithMessage("*yes, no or ambiguous*row 1: *perhaps*row 3: *twice*").Which.Rows.Should().Equal(1, 3);
    }

    [Fact]
    public void Open_WithCorrections_ScoresOfficialPopeAgain()
    {
        using var folder = new TemporaryFolder();
        var official = Fixtures.At("pope", "coco_pope_adversarial.json");
        var corrected = folder.Write("repope.jsonl",
            [.. File.ReadLines(official).Skip(10).Select((line, i) => i == 0 ? line.Replace("\"yes\"", "\"no\"") : line)]);
        var dataset = DatasetReader.Open(official, noImages with { CorrectedLabels = corrected });
        dataset.Questions.Should().HaveCount(2990);
        dataset.Questions[0].Should().Match<Question>(s => s.Id == "coco_pope_adversarial-11" && s.Answers[0] == "no");
    }
}
