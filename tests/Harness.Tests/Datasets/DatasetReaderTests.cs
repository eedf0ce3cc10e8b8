using Vrp.Cli.Tests;
using Vrp.Harness.Datasets;

namespace Vrp.Harness.Tests.Datasets;

/// <summary>One names addresses that other tests set by variables, which are the process's: it does not run beside them.</summary>
[Collection(HubVariables.Collection)]
public class DatasetReaderTests
{
    static readonly DatasetOptions noImages = new() { CheckImages = false };

    static string Pope(int id, string image, string text, string label) =>
        $$"""{"question_id": {{id}}, "image": "{{image}}", "text": "{{text}}", "label": "{{label}}"}""";

    [Theory]
    [InlineData("random")]
    [InlineData("popular")]
    [InlineData("adversarial")]
    public void Open_OfficialPope_HasItsPublishedSizeAndBalance(string split)
    {
        var pope = DatasetReader.Open(Fixtures.At("pope", $"coco_pope_{split}.json"), noImages);
        pope.Questions.Should().HaveCount(3000).And.OnlyContain(s => s.Kind == QuestionKind.YesNo && s.Group == s.Image);
        pope.Groups.Should().Be(500);
        pope.Questions.Count(s => s.Answers[0] == "yes").Should().Be(1500);
        pope.Questions[0].Id.Should().Be($"coco_pope_{split}-1");
    }

    [Fact]
    public void Open_PopeWithoutPictures_NamesTheFilesAndWhereTheyAre()
    {
        using var empty = new TemporaryFolder();
        var open = () => DatasetReader.Open(Fixtures.At("pope", "coco_pope_random.json"), new() { Images = empty.Path, Limit = 2 });
        open.Should().Throw<DatasetException>()
            .WithMessage("*2 of 2 images are not in*http://images.cocodataset.org/val2014/COCO_val2014_000000310196.jpg*zips/val2014.zip*--images*row 1: "
                + "COCO_val2014_000000310196.jpg*")
            .Which.Rows.Should().Equal(1, 7);
    }

    [Fact]
    public void Open_UnreadablePicture_NamesItsRow()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bad.png", "not a picture");
        File.Copy(Fixtures.At("world", "images", "world_0001.png"), folder.At("good.png"));
        var file = folder.Write("q.jsonl", Pope(1, "good.png", "Is there a dog in the image?", "yes"),
            Pope(2, "bad.png", "Is there a dog in the image?", "no"));
        var open = () => DatasetReader.Open(file);
        open.Should().Throw<DatasetException>().WithMessage("*1 of 2 images cannot be read*row 2: *bad.png*").Which.Rows.Should().Equal(2);
    }

    [Fact]
    public void Open_PictureOutsideTheFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", Pope(1, "../../etc/passwd", "?", "yes"));
        var open = () => DatasetReader.Open(file, noImages);
        open.Should().Throw<DatasetException>().WithMessage("*leads out of the folder*row 1: ../../etc/passwd*");
    }

    [Fact]
    public void Open_RepeatedQuestions_ListsThem()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", Pope(1, "a.png", "Is there a dog?", "yes"), Pope(2, "b.png", "Is there a dog?", "yes"),
            Pope(3, "a.png", "Is there a dog?", "no"));
        var open = () => DatasetReader.Open(file, noImages);
        open.Should().Throw<DatasetException>().WithMessage("*more than once*row 3: a.png \"Is there a dog?\" repeats row 1").Which.Rows.Should().Equal(3);
    }

    [Fact]
    public void Open_RepeatedIds_ListsThem()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", Pope(1, "a.png", "Is there a dog?", "yes"), Pope(1, "b.png", "Is there a dog?", "yes"));
        var open = () => DatasetReader.Open(file, noImages);
        open.Should().Throw<DatasetException>().WithMessage("*same id*row 2: q-1 repeats row 1");
    }

    [Fact]
    public void Open_UnknownLabels_ListsAllOfThem()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", Pope(1, "a.png", "A?", "maybe"), Pope(2, "a.png", "B?", "YES"), Pope(3, "a.png", "C?", "ja"));
        var open = () => DatasetReader.Open(file, noImages);
        open.Should().Throw<DatasetException>().WithMessage("*2 rows cannot be used*row 1: *label*\"maybe\"*row 3: *\"ja\"*").Which.Rows.Should().Equal(1, 3);
    }

    [Fact]
    public void Open_GroupOnBothSidesOfASplit_ListsItsRows()
    {
        using var folder = new TemporaryFolder();
        static string Row(int id, string image, string split) =>
            $$"""{"id": "{{id}}", "image": "{{image}}", "question": "Q{{id}}?", "kind": "count", """
            + $$""" "answers": ["2"], "group": "{{image}}", "split": "{{split}}"}""";
        var leaking = folder.Write("q.jsonl", Row(1, "a.png", "fit"), Row(2, "b.png", "fit"), Row(3, "b.png", "score"), Row(4, "c.png", "score"));
        var open = () => DatasetReader.Open(leaking, noImages);
        open.Should().Throw<DatasetException>().WithMessage("*1 group(s) lie on both sides*row 2: *b.png*fit*row 3: *score*").Which.Rows.Should().Equal(2, 3);
        DatasetReader.Open(folder.Write("q.jsonl", Row(1, "a.png", "fit"), Row(2, "b.png", "score")), noImages).Questions.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "riddle", "answers": ["x"]}""", "*'kind' must be one of yes-no, count*riddle*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "count", "answers": ["some"]}""", "*'answers' must be one whole number*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "count", "answers": 2}""", "*'answers' must be a list of texts*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "spatial", "answers": ["north"]}""", "*'answers' must be one of left, right*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": "?", "kind": "identify", "answers": []}""", "*'answers' must be a list of accepted names*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": " ", "kind": "count", "answers": ["2"]}""", "*'question' must be a text*")]
    [InlineData("""{"id": "1", "image": "a.png", "question": "\ud800", "kind": "count", "answers": ["2"]}""", "*lone surrogate*")]
    [InlineData("""{"image": "a.png", "question": "?", "kind": "count", "answers": ["2"]}""", "*'id' must be a text*it is missing*")]
    [InlineData("""{"id": "1", "bild": "a.png"}""", "*nearest to the project's own and lacks image, question, kind, answers*has id, bild*")]
    [InlineData("""[1]""", "*is a JSON array; expected an object for each*row 1: Number*")]
    [InlineData("""{"id": """, "*one JSON object per line*row 1*")]
    public void Open_UnusableRow_SaysFieldAndRow(string row, string message)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("q.jsonl", row);
        var open = () => DatasetReader.Open(file, noImages);
        open.Should().Throw<DatasetException>().WithMessage(message).Which.Rows.Should().Equal(1);
    }

    [Fact]
    public void Open_EmptyOrMissingFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var empty = folder.Write("q.jsonl", "", " ");
        FluentActions.Invoking(() => DatasetReader.Open(empty, noImages)).Should().Throw<DatasetException>().WithMessage("*holds no rows*");
        FluentActions.Invoking(() => DatasetReader.Open(folder.At("none.jsonl"), noImages)).Should().Throw<DatasetException>().WithMessage("*cannot be read*");
    }

    [Fact]
    public void Open_LlavaBench_LeavesAnswersToJudgements()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("questions.jsonl", """{"question_id": 7, "image": "001.jpg", "text": "Describe it.", "category": "detail"}""");
        var judgements = folder.Write("judged.jsonl", """{"question_id": 7, "correct": true}""");
        var dataset = DatasetReader.Open(file, noImages with { Judgements = judgements });
        dataset.Questions.Single().Should().Match<Question>(s => s.Id == "7" && s.Kind == QuestionKind.Open && s.Answers.Count == 0);
        Vrp.Harness.Datasets.Answers.AnswerScorer.For(dataset).Score(dataset.Questions[0], "A city.").Correct.Should().BeTrue();
    }

    [Fact]
    public void Limit_Pictures_TakesWholeOnesInFileOrder()
    {
        var pope = DatasetReader.Open(Fixtures.At("pope", "coco_pope_adversarial.json"), noImages);
        var limited = DatasetReader.Open(Fixtures.At("pope", "coco_pope_adversarial.json"), noImages with { Limit = 7 });
        limited.Questions.Select(s => s.Id).Should().Equal(pope.Questions.Take(42).Select(s => s.Id));
        limited.Groups.Should().Be(7);
        FluentActions.Invoking(() => pope.Limit(0)).Should().Throw<DatasetException>().WithMessage("*at least 1*");
        pope.Limit(9999).Questions.Should().HaveCount(3000);
    }

    [Fact]
    public void Fingerprints_ChangedLabelsOrQuestions_MoveTheRightOne()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixtures.At("world", "images", "world_0001.png"), folder.At("a.png"));
        Dataset Read(string text, string label) => DatasetReader.Open(folder.Write("q.jsonl", Pope(1, "a.png", text, label)));
        Dataset first = Read("A?", "yes"), relabelled = Read("A?", "no"), reworded = Read("B?", "yes");
        relabelled.QuestionFingerprint().Should().Be(first.QuestionFingerprint());
        relabelled.LabelFingerprint().Should().NotBe(first.LabelFingerprint());
        reworded.QuestionFingerprint().Should().NotBe(first.QuestionFingerprint());
        reworded.LabelFingerprint().Should().Be(first.LabelFingerprint());
        var before = first.QuestionFingerprint();
        File.Copy(Fixtures.At("world", "images", "world_0002.png"), folder.At("a.png"), overwrite: true);
        first.QuestionFingerprint().Should().NotBe(before, "another picture under the same name is another question");
    }
}
