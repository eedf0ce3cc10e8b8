using Vrp.Harness.Reporting;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;
using Vrp.Models.Images;

namespace Vrp.Harness.Tests.Reporting;

public sealed class SentPromptTests : IDisposable
{
    const string Question = "Is there a <tree> in the {image}?";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    ReportSubject Run(string family, string? format)
    {
        if (format is not null)
            RunFile.Update(folder.Path, "trace", new { Facts = new Dictionary<string, string> { ["prompt"] = format } });
        return new ReportSubject(SampleReports.Studies[0] with { Family = family }, null, folder.Path);
    }

    /// <summary>What the report shows, tokenised, is what the model was given.</summary>
    [Theory]
    [InlineData("llava", "USER: <image>\n")]
    [InlineData("paligemma", "<image><bos>answer en ")]
    [InlineData("qwen2_vl", "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>")]
    public void Text_OfEveryFamily_IsTheTextOfTheModelsTokens(string family, string beforeTheQuestion)
    {
        var checkpoint = Checkpoint.Open(Fixtures.At("checkpoints", family));
        var processor = Processor.Load(checkpoint, VisionLanguageConfig.FromJson(checkpoint.Config, checkpoint.Folder));
        using var inputs = processor.Process(processor.Ask(Question, new RgbImage(112, 112)));
        int[] ids = [.. inputs.InputIds.Cast<long>().Select(id => (int)id)];

        var prompt = SentPrompt.Of(Run(family, processor.Format("{question}", 1)))!;

        (prompt.Before + prompt.Token + prompt.Between).Should().Be(beforeTheQuestion);
        var cells = ids.Count(id => id == processor.ImageTokenId);
        cells.Should().BeGreaterThan(1);
        processor.Tokenizer.Encode(prompt.Text(Question, cells), addSpecialTokens: family != "paligemma").Should().Equal(ids);
    }

    [Fact]
    public void Of_ARunThatDoesNotSay_IsNull()
    {
        SentPrompt.Of(Run("llava", null)).Should().BeNull("there is no run.json");
        RunFile.Update(folder.Path, "import", new { Format = "lmms-eval" });
        SentPrompt.Of(Run("llava", null)).Should().BeNull("an imported log does not say it");
        SentPrompt.Of(Run("other", "USER: <image>\n{question}")).Should().BeNull("a family that is not known here");
        SentPrompt.Of(new ReportSubject(SampleReports.Studies[0] with { Folder = "" })).Should().BeNull("a study in memory");
    }

    [Theory]
    [InlineData("USER: <image>\n ASSISTANT:")]
    [InlineData("USER: {question} ASSISTANT:")]
    [InlineData("USER: <image><image>{question} ASSISTANT:")]
    public void Of_AFormatWithoutItsPlaces_IsDamage(string format) =>
        ((Action)(() => SentPrompt.Of(Run("llava", format)))).Should().Throw<StoreException>()
            .WithMessage("*run.json is damaged*one <image> and one {question}*");
}
