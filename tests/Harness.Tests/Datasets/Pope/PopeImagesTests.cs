using Parquet;
using Parquet.Schema;
using Vrp.Cli.Tests;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Pope;
using Vrp.Models.Tests.Checkpoints.Hub;

namespace Vrp.Harness.Tests.Datasets.Pope;

/// <summary>POPE's pictures, and no others, from either source; what was received once is what every later fetch expects.</summary>
[Collection(Collection)]
public sealed class PopeImagesTests : HubVariables
{
    static byte[] Picture(string name) => [0xFF, 0xD8, .. System.Text.Encoding.ASCII.GetBytes(name), 0xFF, 0xD9];

    string Out => Folder.At("pictures");

    Task<CommandRun> Fetch(params string[] more) => CommandRun.Of(["fetch", "pope", "--out", Out, .. more]);

    void Serve()
    {
        foreach (var name in PopeImages.Names) Hub.Plain["/val2014/" + name] = Picture(name);
    }

    async Task ServeParquet(string prefix = "")
    {
        var (names, bytes) = (new DataField<string>("image_source"), new DataField<byte[]>("bytes"));
        var image = new StructField("image", bytes, new DataField<string>("path"));
        var schema = new ParquetSchema(new DataField<string>("question"), names, image);
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
            foreach (var part in PopeImages.Names.Chunk(200))
            {
                // As published: six questions about each picture, its name without an ending.
                string[] rows = [.. part.SelectMany(name => Enumerable.Repeat(name, 6))];
                var leaves = schema.GetDataFields();
                using var group = writer.CreateRowGroup();
                await group.WriteAsync(leaves[0], rows);
                await group.WriteAsync(leaves[1], [.. rows.Select(name => Path.GetFileNameWithoutExtension(name))]);
                await group.WriteAsync(leaves[2], [.. rows.Select(name => Picture(prefix + name))]);
                await group.WriteAsync(leaves[3], rows);
            }
        Hub.Add("lmms-lab/POPE", "Full/adversarial-00000-of-00001.parquet", file.ToArray(), large: true)
            .Add("lmms-lab/POPE", "Full/random-00000-of-00001.parquet", [1], large: true);
    }

    [Theory]
    [InlineData("adversarial")]
    [InlineData("popular")]
    [InlineData("random")]
    public void Names_OfTheList_AreThoseOfTheQuestions(string split)
    {
        var questions = DatasetReader.Open(Fixtures.At("pope", $"coco_pope_{split}.json"), new DatasetOptions { CheckImages = false });
        PopeImages.Names.Should().Equal(questions.Questions.Select(question => question.Image).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fetch_List_PrintsTheAddresses()
    {
        var run = await Fetch("--list");
        run.Lines.Should().HaveCount(500).And.OnlyContain(line => line.StartsWith($"{Hub.Endpoint}/val2014/COCO_val2014_") && line.EndsWith(".jpg"));
        Hub.Requests.Should().BeEmpty();
        Environment.SetEnvironmentVariable("VRP_COCO", null);
        (await Fetch("--list")).Lines[0].Should().StartWith("http://images.cocodataset.org/val2014/");
    }

    [Fact]
    public async Task Fetch_FromCoco_IsVerifiedTheSecondTime()
    {
        Serve();
        var run = await Fetch();
        (run.Code, run.Output).Should().Be((0, Out + "\n"), run.Error);
        run.Error.Should().Contain("500 images, 500 fetched now from 127.0.0.1");
        Hub.Requests.Should().HaveCount(500);
        File.ReadAllLines(Path.Combine(Out, PopeImages.Record)).Should().HaveCount(500)
            .And.OnlyContain(line => line.Length == 64 + 2 + PopeImages.Names[0].Length);

        (await Fetch()).Error.Should().Contain("0 fetched now;");
        Hub.Requests.Should().HaveCount(500);

        var damaged = Path.Combine(Out, PopeImages.Names[7]);
        File.WriteAllBytes(damaged, Picture("another"));
        File.Delete(Path.Combine(Out, PopeImages.Names[8]));
        (await Fetch()).Error.Should().Contain("2 fetched now");
        File.ReadAllBytes(damaged).Should().Equal(Picture(PopeImages.Names[7]));

        Hub.Plain["/val2014/" + PopeImages.Names[9]] = Picture("changed");
        File.Delete(Path.Combine(Out, PopeImages.Names[9]));
        (await Fetch()).ShouldBeRefused(PopeImages.Names[9], "remembers", PopeImages.Record);
    }

    [Theory]
    [InlineData("0123  x.jpg")]
    [InlineData("ZZZZ456789012345678901234567890123456789012345678901234567890123  x.jpg")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123  ../x.jpg")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123  x.jpg\n"
        + "0123456789012345678901234567890123456789012345678901234567890124  x.jpg")]
    public async Task Fetch_RecordThatIsNone_IsRefused(string record)
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, PopeImages.Record), record + "\n");
        (await Fetch()).ShouldBeRefused(PopeImages.Record, "no line of sha256sum", "Delete the file");
    }

    [Fact]
    public async Task Fetch_ParquetThatIsNone_IsRefused()
    {
        Hub.Add("lmms-lab/POPE", "Full/adversarial-00000-of-00001.parquet", [.. "PAR1"u8, 1, 2, 3, 4, .. "PAR1"u8], large: true);
        (await Fetch("--from", "hub")).ShouldBeRefused("no Parquet file that can be read", "--from coco");
    }

    [Fact]
    public async Task Fetch_PageInPlaceOfAPicture_IsRefused()
    {
        Serve();
        Hub.Plain["/val2014/" + PopeImages.Names[3]] = "<html>Log in</html>"u8.ToArray();
        (await Fetch()).ShouldBeRefused(PopeImages.Names[3], "no whole JPEG", "--from");
        Hub.Plain["/val2014/" + PopeImages.Names[3]] = Picture(PopeImages.Names[3])[..^2];
        (await Fetch()).ShouldBeRefused(PopeImages.Names[3], "no whole JPEG");
        Hub.Plain["/val2014/" + PopeImages.Names[3]] = Picture(PopeImages.Names[3]);
        (await Fetch()).Code.Should().Be(0, "what was received stays, and the rest follows");
    }

    [Fact]
    public async Task Fetch_PictureThatIsNotThere_IsNamed()
    {
        Serve();
        Hub.Plain.TryRemove("/val2014/" + PopeImages.Names[3], out _);
        (await Fetch("--from", "coco")).ShouldBeRefused(PopeImages.Names[3], "404");
    }

    [Fact]
    public async Task Fetch_FromHub_TakesThePicturesOutOfOneParquetFile()
    {
        await ServeParquet();
        var run = await Fetch("--from", "hub");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("500 fetched now from lmms-lab/POPE");
        foreach (var name in PopeImages.Names) File.ReadAllBytes(Path.Combine(Out, name)).Should().Equal(Picture(name));
        Hub.Requests.Should().NotContain(request => request.Target.Contains("random"));

        await Folder_HasOtherBytes_IsSaid();
    }

    async Task Folder_HasOtherBytes_IsSaid()
    {
        Serve();
        Hub.Plain["/val2014/" + PopeImages.Names[0]] = Picture("as COCO has it");
        File.Delete(Path.Combine(Out, PopeImages.Names[0]));
        (await Fetch("--from", "coco")).ShouldBeRefused("Another source has other bytes");
    }

    [Fact]
    public async Task Fetch_FromNowhere_IsRefusedBeforeAnything() => (await Fetch("--from", "flickr")).ShouldBeRefused("coco, hub or auto");

    [Fact]
    public async Task Evaluate_WithoutThePictures_NamesTheCommand() =>
        (await CommandRun.Of("evaluate", Fixtures.At("checkpoints", "llava"), "--data", Fixtures.At("pope", "coco_pope_random.json"), "--images",
            Folder.At("none"))).ShouldBeRefused("vrp fetch pope");
}
