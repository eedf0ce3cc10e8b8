using Vrp.Harness.Reporting;
using Vrp.Models;
using Vrp.Models.Images;

namespace Vrp.Harness.Tests.Reporting;

public class ImageSheetTests
{
    [Fact]
    public void ToJson_SharedPicture_IsThereOnce()
    {
        var sheet = new ImageSheet();
        ReportSubject first = new(SampleReports.Studies[0], SampleReports.Picture), second = new(SampleReports.Studies[1], SampleReports.Picture);
        sheet.Place(first, "0.png").Should().Be(0);
        sheet.Place(second, "0.png").Should().Be(0);
        sheet.Place(second, "1.png").Should().Be(1);
        sheet.Place(second, "no number.png").Should().BeNull();
        sheet.ToJson(1_000_000)["uris"]!.AsArray().Should().HaveCount(2);
    }

    [Fact]
    public void ToJson_Photo_IsReduced()
    {
        var sheet = new ImageSheet();
        sheet.Place(new ReportSubject(SampleReports.Studies[0], _ => Fixtures.At("goldens", "images", "retina.jpg")), "x");
        var json = sheet.ToJson(1_000_000);
        var image = Decode(json);
        Math.Max(image.Width, image.Height).Should().Be(320);
        json["sizes"]!.AsArray().Select(size => (int)size!).Should().OnlyContain(size => size > 320, "the page knows the picture's own size");
    }

    [Theory]
    [InlineData("q95_444.jpg", true)]
    [InlineData("gray.png", true)]
    [InlineData("exif_orientation6.jpg", false)]
    [InlineData("la.png", false)]
    [InlineData("palette_transparent.png", false)]
    public void ToJson_SmallFile_GoesInUnchangedOnlyWhereABrowserShowsWhatTheModelSaw(string file, bool unchanged)
    {
        var path = Fixtures.At("goldens", "images", "variants", file);
        new FileInfo(path).Length.Should().BeLessThan(8 << 10);
        var sheet = new ImageSheet();
        sheet.Place(new ReportSubject(SampleReports.Studies[0], _ => path), "x");

        var json = sheet.ToJson(1_000_000);

        var shown = System.Buffers.Text.Base64Url.DecodeFromChars(((string)json["uris"]![0]!).Split(',')[1]);
        shown.SequenceEqual(File.ReadAllBytes(path)).Should().Be(unchanged);
        var (decoded, stored) = (ImageFile.Decode(shown), ImageFile.Read(path));
        (decoded.Width, decoded.Height).Should().Be((stored.Width, stored.Height));
    }

    [Fact]
    public void ToJson_StudyThatTurnedItsPictures_ShowsThemTurned()
    {
        using var run = new TemporaryFolder();
        run.Write("run.json", """{"pictures": {"exif": "transpose"}}""");
        var stored = ImageFile.Read(Fixtures.At("goldens", "images", "variants", "exif_orientation6.jpg"));
        var sheet = new ImageSheet();
        foreach (var folder in new[] { run.Path, null })
            sheet.Place(new ReportSubject(SampleReports.Studies[0], _ => Fixtures.At("goldens", "images", "variants", "exif_orientation6.jpg"), folder), "x");

        int[] sizes = [.. sheet.ToJson(1_000_000)["sizes"]!.AsArray().Select(size => (int)size!)];

        sizes.Should().Equal(stored.Height, stored.Width, stored.Width, stored.Height);
    }

    [Fact]
    public void ToJson_SmallBudget_MakesPicturesSmaller()
    {
        var sheet = new ImageSheet();
        sheet.Place(new ReportSubject(SampleReports.Studies[0], _ => Fixtures.At("goldens", "images", "chelsea.png")), "x");
        var json = sheet.ToJson(3_000);
        ((string)json["uris"]![0]!).Length.Should().BeLessThanOrEqualTo(3_000);
        Decode(json).Width.Should().BeLessThan(160);
    }

    [Fact]
    public void ToJson_NoBudget_SaysThatPicturesAreLeftOut()
    {
        var sheet = new ImageSheet();
        sheet.Place(new ReportSubject(SampleReports.Studies[0], SampleReports.Picture), "0.png");
        var json = sheet.ToJson(10);
        json["uris"]![0].Should().BeNull();
        ((string)json["problems"]![0]!).Should().Contain("do not fit");
    }

    [Fact]
    public void ToJson_DamagedFile_IsNamedAndLeftOut()
    {
        using var folder = new TemporaryFolder();
        folder.Write("broken.png", "no picture");
        var sheet = new ImageSheet();
        sheet.Place(new ReportSubject(SampleReports.Studies[0], folder.At), "broken.png");
        var json = sheet.ToJson(1_000_000);
        json["uris"]![0].Should().BeNull();
        ((string)json["problems"]![0]!).Should().Contain("broken.png");
    }

    [Theory]
    [InlineData("../secret.png")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("absent.png")]
    public void Finder_NameOutsideOrAbsent_FindsNothing(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret.png", "x");
        Directory.CreateDirectory(folder.At("pictures"));
        ReportImages.Finder(folder.At("pictures"))(name).Should().BeNull();
    }

    [Fact]
    public void Finder_NoFolder_IsRefused() => ((Action)(() => ReportImages.Finder("/nowhere"))).Should().Throw<VrpException>().WithMessage("*/nowhere*");

    static RgbImage Decode(System.Text.Json.Nodes.JsonObject json) =>
        ImageFile.Decode(System.Buffers.Text.Base64Url.DecodeFromChars(((string)json["uris"]![0]!).Split(',')[1]));
}
