using Vrp.Cli.Tests;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Pope;

namespace Vrp.Harness.Tests.Datasets.Pope;

/// <summary>Beside the tests that set the addresses by variables, which are the process's, and not at the same time.</summary>
[Collection(HubVariables.Collection)]
public class PopeLabelsTests
{
    [Fact]
    public void Locate_Repope_IsTheFileBesideEachOfPopes()
    {
        using var folder = new TemporaryFolder();
        var labels = folder.Write("coco_repope_random.json", "{}");
        PopeLabels.Locate("repope", folder.At("coco_pope_random.json")).Should().Be(labels);
        PopeLabels.Locate("own.jsonl", folder.At("coco_pope_random.json")).Should().Be("own.jsonl");
        FluentActions.Invoking(() => PopeLabels.Locate("repope", folder.At("coco_pope_popular.json"))).Should().Throw<DatasetException>()
            .WithMessage("*coco_repope_popular.json: is not there*vrp fetch pope --labels "
                + "repope*https://raw.githubusercontent.com/*/annotations/coco_repope_popular.json*");
        FluentActions.Invoking(() => PopeLabels.Locate("repope", folder.At("mine.jsonl"))).Should().Throw<DatasetException>()
            .WithMessage("*for POPE's own files*");
    }

    [Fact]
    public void Open_PopeWithRepopeByName_HasTheLabelsOfTheFileBeside()
    {
        using var folder = new TemporaryFolder();
        var questions = folder.Write("coco_pope_random.json",
            """{"question_id": 1, "image": "a.jpg", "text": "Is there a dog in the image?", "label": "yes"}""",
            """{"question_id": 2, "image": "a.jpg", "text": "Is there a cat in the image?", "label": "no"}""",
            """{"question_id": 3, "image": "a.jpg", "text": "Is there a car in the image?", "label": "no"}""");
        folder.Write("coco_repope_random.json",
            """{"question_id": 1, "image": "a.jpg", "text": "Is there a dog in the image?", "label": "no"}""",
            """{"question_id": 3, "image": "a.jpg", "text": "Is there a car in the image?", "label": "no"}""");
        var options = new DatasetOptions { CheckImages = false, CorrectedLabels = PopeLabels.Name };
        DatasetReader.Open(questions, options).Questions.Select(question => (question.Id, question.Answers[0])).Should()
            .Equal(("coco_pope_random-1", "no"), ("coco_pope_random-3", "no"));
    }

    [Fact]
    public void IsPublished_OtherBytes_AreNot() => PopeLabels.Files.Should().HaveCount(3)
        .And.OnlyContain(file => !PopeLabels.IsPublished(file.File, new byte[10]));
}
