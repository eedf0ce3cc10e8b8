using System.Text.Json.Nodes;
using Vrp.Harness.Datasets;
using Vrp.Harness.Running;
using Vrp.Harness.Storage;
using Vrp.Harness.Tests.Tracing;
using Vrp.Harness.Tracing;
using Vrp.Models.Images;
using Vrp.Models.Tests;

namespace Vrp.Harness.Tests.Datasets;

public sealed class ImageCountsTests : IDisposable
{
    static readonly DatasetOptions Variants = new() { Images = Goldens.At("images", "variants") };

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Questions(string name, params string[] images) => folder.Write(name,
        [.. images.Select(image => $$"""{"id": "{{name}}-{{image}}", "image": "{{image}}", "question": "Is it?", "kind": "yes-no", "answers": ["yes"]}""")]);

    [Fact]
    public void Open_PicturesThatReadersDifferAbout_AreCountedAndNamedInOneLine()
    {
        var file = Questions("q.jsonl", "exif_orientation6.jpg", "rgba.png", "la.png", "rgb16.png", "rgb.png");

        var pictures = DatasetReader.Open(file, Variants).Images!;

        pictures.Should().Be(new ImageCounts(Images: 5, Oriented: 1, Transparent: 2, SixteenBit: 1, ExifRule.Ignore));
        pictures.Rule.Should().Contain("EXIF orientation ignored").And.Contain("convert");
        pictures.Warning.Should().StartWith("of 5 images 1 with an EXIF orientation (not turned").And.Contain("2 with transparency (alpha dropped")
            .And.Contain("1 with 16 bits").And.Contain("convert(\"RGB\")").And.NotContain("\n");
    }

    [Fact]
    public void Open_SeveralFilesTransposed_CountsTheJoinedSetAndSaysTheRule()
    {
        string[] files = [Questions("a.jsonl", "exif_orientation6.jpg", "rgb.png"), Questions("b.jsonl", "rgba.png")];

        var dataset = DatasetReader.Open("both", files, Variants with { Exif = ExifRule.Transpose });

        dataset.Exif.Should().Be(ExifRule.Transpose);
        dataset.Images.Should().Be(new ImageCounts(3, 1, 1, 0, ExifRule.Transpose));
        dataset.Images!.Warning.Should().Contain("(turned upright)");
        dataset.Images.Rule.Should().Contain("exif_transpose");
    }

    [Fact]
    public void Open_PlainPictures_WarnsOfNothing() =>
        DatasetReader.Open(Questions("q.jsonl", "rgb.png", "q90_422.jpg"), Variants).Images!.Warning.Should().BeNull();

    [Fact]
    public void Run_TransposedPictures_AreAnotherTraceWithOtherPixels()
    {
        var file = Questions("q.jsonl", "exif_orientation6.jpg", "rgb.png");
        using var study = new TinyStudy(Goldens.Folders("models").First());
        var run = folder.At("run");
        StageResult Trace(ExifRule exif) =>
            TraceStage.Run(study.Model, study.Checkpoint, DatasetReader.Open(file, Variants with { Exif = exif }), run, study.Options);

        var (stored, upright) = (Trace(ExifRule.Ignore), Trace(ExifRule.Transpose));

        (stored.Facts["data.exif"], upright.Facts["data.exif"]).Should().Be(("ignore", "transpose"));
        upright.Key.Should().NotBe(stored.Key);
        var section = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "run.json")))!["pictures"]!;
        section.ToJsonString()
            .Should().Contain("\"images\":2").And.Contain("\"oriented\":1").And.Contain("\"exif\":\"transpose\"").And.Contain("exif_transpose");
        RunFile.ExifOf(run).Should().Be(ExifRule.Transpose);
        byte[] Block(StageResult result) => [.. Directory.GetFiles(result.Folder, "*.safetensors").Order().SelectMany(File.ReadAllBytes)];
        Block(upright).Should().NotBeEmpty().And.NotEqual(Block(stored), "the model was shown another picture");
    }
}
