using System.Text.Json.Nodes;
using TorchSharp;
using Vrp.Models.Checkpoints;
using Vrp.Models.Hooks;
using Vrp.Models.Images;
using Vrp.Models.Layers;
using Vrp.Models.Tests.Checkpoints;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

public sealed class ProcessorTests
{
    static readonly RgbImage Grey = new(70, 50, [.. Enumerable.Repeat((byte)120, 70 * 50 * 3)]);

    [Theory, MemberData(nameof(GoldenCase.All), MemberType = typeof(GoldenCase))]
    public void Ask_GoldenQuestion_EqualsTheReferencePrompt(string folder, string name)
    {
        var golden = GoldenCase.Read(folder, name);
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));

        var prompt = model.Processor.Ask(golden.Question, golden.Images);

        prompt.Text.Should().Be(golden.Prompts[0]);
        model.Processor.TemplateWarning.Should().BeNull();
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Process_BatchOfDifferentImageCounts_EqualsEachAlone(string folder)
    {
        using var scope = NewDisposeScope();
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));
        Prompt[] prompts = [model.Processor.Ask("What differs?", Grey, Grey), model.Processor.Ask("Is there a dog in this image?", Grey),
            model.Processor.Ask("How many?")];

        var batch = model.Processor.Process(prompts);

        var together = model.Forward(batch, new ForwardOptions { Logits = Positions.Last }).Logits;
        for (var row = 0; row < prompts.Length; row++)
        {
            var alone = model.Forward(model.Processor.Process(prompts[row]), new ForwardOptions { Logits = Positions.Last }).Logits;
            together.narrow(0, row, 1).ShouldEqual(alone, 1e-4, $"logits of row {row}");
        }
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Process_TokensAndImagesDiffer_Throws(string folder)
    {
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));
        var processor = model.Processor;

        var missing = () => processor.Process(new Prompt(processor.Format("Is there a dog?", 1), []));
        var surplus = () => processor.Process(new Prompt(processor.Format("Is there a dog?", 0), [Grey]));
        var written = () => processor.Process(processor.Ask($"What does {processor.ImageToken} mean?", Grey));
        var none = () => processor.Process();

        missing.Should().Throw<ProcessorException>().WithMessage("*1 × *0 images*");
        surplus.Should().Throw<ProcessorException>().WithMessage("*0 × *1 images*");
        written.Should().Throw<ProcessorException>().WithMessage("*2 × *1 images*");
        none.Should().Throw<ProcessorException>();
    }

    [Fact]
    public void Forward_ImageTokensWithoutPixels_Throws()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8);
        var twice = cat([inputs.PixelValues!, inputs.PixelValues!]);

        var none = () => model.Forward(new ModelInputs(inputs.InputIds));
        var surplus = () => model.Forward(new ModelInputs(inputs.InputIds, null, twice));
        var without = () => model.Forward(new ModelInputs(new long[,] { { 1, 2 } }, null, inputs.PixelValues));
        var beyond = () => model.Forward(new ModelInputs(new long[,] { { 1, model.VocabularySize } }));

        none.Should().Throw<ShapeException>().WithMessage("*4 image tokens and no image*");
        surplus.Should().Throw<ShapeException>().WithMessage("*4 of them, one per image token*got 8*");
        without.Should().Throw<ShapeException>();
        beyond.Should().Throw<VrpException>().WithMessage("*position 1*");
    }

    [Fact]
    public void Processor_ModelFromWeightsInMemory_SaysThatThereIsNone()
    {
        using var model = SmallModel.Create("llava");

        var processor = () => model.Processor;

        processor.Should().Throw<VrpException>().WithMessage("*made from weights in memory*");
    }

    /// <summary>Sizes of the processor's own files are held against config.json when the processor is made: one typed line instead of images of gigabytes, or
    /// of answers to prompts with a token too many.</summary>
    [Theory]
    [InlineData("llava", "preprocessor_config.json", "crop_size", "30000")]
    [InlineData("llava", "preprocessor_config.json", "crop_size", """{"height":14,"width":14}""")]
    [InlineData("llava", "processor_config.json", "patch_size", "0")]
    [InlineData("llava", "processor_config.json", "patch_size", "-14")]
    [InlineData("llava", "processor_config.json", "num_additional_image_tokens", "2147483647")]
    [InlineData("llava", "processor_config.json", "vision_feature_select_strategy", "\"full\"")]
    [InlineData("paligemma", "preprocessor_config.json", "size", """{"height":30000,"width":30000}""")]
    [InlineData("qwen2_vl", "preprocessor_config.json", "patch_size", "2147483647")]
    [InlineData("qwen2_vl", "preprocessor_config.json", "merge_size", "2147483647")]
    [InlineData("qwen2_vl", "preprocessor_config.json", "merge_size", "1")]
    [InlineData("qwen2_vl", "preprocessor_config.json", "temporal_patch_size", "50000")]
    public void Load_ProcessorsSizeIsNotTheModels_IsOneTypedLine(string family, string file, string key, string value)
    {
        using var folder = new TemporaryFolder();
        var source = Goldens.At("models", Goldens.Folders("models").First(name => Checkpoint.Open(Goldens.At("models", name)).ModelType == family));
        foreach (var path in Directory.GetFiles(source)) File.CreateSymbolicLink(folder.At(Path.GetFileName(path)), path);
        var json = File.Exists(folder.At(file)) ? JsonNode.Parse(File.ReadAllText(folder.At(file)))! : new JsonObject();
        json[key] = JsonNode.Parse(value);
        File.Delete(folder.At(file));
        folder.Write(file, json.ToJsonString());

        var load = () => VisionLanguageModel.Load(folder.Root).Dispose();

        load.Should().Throw<VrpException>().Which.Message.Should().ContainAny(file, key).And.NotContain("\n");
    }
}
