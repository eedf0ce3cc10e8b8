using Vrp.Models.Checkpoints;
using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

/// <summary>What preprocessor_config.json may say, and what each setting does.</summary>
public sealed class ImageProcessorTests
{
    static RgbImage Counting(int width, int height) => new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)i)]);

    static ProcessedImages Process(string json, params RgbImage[] images) => ImageProcessor.FromJson(json).Process(images);

    [Theory]
    [InlineData("CLIPImageProcessor", "[1,3,224,224]")]
    [InlineData("CLIPImageProcessorFast", "[1,3,224,224]")]
    [InlineData("SiglipImageProcessor", "[1,3,224,224]")]
    [InlineData("SiglipImageProcessorFast", "[1,3,224,224]")]
    [InlineData("Qwen2VLImageProcessor", "[16,1176]")]
    [InlineData("Qwen2VLImageProcessorFast", "[16,1176]")]
    public void FromJson_NameAlone_GivesTransformersDefaults(string name, string shape)
    {
        var result = Process($$"""{"image_processor_type": "{{name}}"}""", Counting(56, 56));

        $"[{string.Join(',', result.Shape)}]".Should().Be(shape);
        result.PixelValues.Length.Should().Be(result.Resized.Length).And.Be((int)result.Shape.Aggregate((a, b) => a * b));
    }

    [Fact]
    public void FromJson_OldFeatureExtractorAndNestedForm_AreRead()
    {
        var old = """{"feature_extractor_type": "CLIPFeatureExtractor", "size": 28, "crop_size": 20}""";
        var nested = """
            {"processor_class": "LlavaProcessor",
             "image_processor": {"image_processor_type": "CLIPImageProcessorFast", "size": {"shortest_edge": 28}, "crop_size": {"height": 20, "width": 20}}}
            """;

        Process(old, Counting(30, 40)).Shape.Should().Equal(1, 3, 20, 20);
        Process(nested, Counting(30, 40)).PixelValues.Should().Equal(Process(old, Counting(30, 40)).PixelValues);
    }

    [Theory]
    [InlineData("""{"image_processor_type": "ViTImageProcessor"}""", "image_processor_type")]
    [InlineData("""{}""", "feature_extractor_type")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "do_pad": true}""", "do_pad")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "resample": 7}""", "resample")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "size": {"longest_edge": 30}}""", "size")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 0}}""", "size.shortest_edge")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "size": "large"}""", "size")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "crop_size": {"shortest_edge": 3}}""", "crop_size")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "image_mean": [0.5, 0.5]}""", "image_mean")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "image_std": [0.5, 0, 0.5]}""", "image_std")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "rescale_factor": "1/255"}""", "rescale_factor")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "data_format": "channels_last"}""", "data_format")]
    [InlineData("""{"image_processor_type": "SiglipImageProcessor", "size": 224}""", "size")]
    [InlineData("""{"image_processor_type": "SiglipImageProcessor", "do_center_crop": true}""", "do_center_crop")]
    [InlineData("""{"image_processor_type": "SiglipImageProcessor", "sharpen": 3}""", "sharpen")]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "size": {"height": 56, "width": 56}}""", "size")]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "patch_size": 0}""", "patch_size")]
    [InlineData("""{"image_processor_type": "Qwen2VLImageProcessor", "temporal_patch_size": 2.5}""", "temporal_patch_size")]
    public void FromJson_SettingNotHonoured_IsNamed(string json, string key)
    {
        var load = () => ImageProcessor.FromJson(json, "p.json");

        load.Should().Throw<ConfigException>().WithMessage("p.json: *").Which.Key.Should().Be(key);
    }

    [Fact]
    public void FromJson_KeysWithoutEffect_AreAccepted()
    {
        var json = """
            {"image_processor_type": "SiglipImageProcessor", "processor_class": "PaliGemmaProcessor", "image_seq_length": 256,
             "do_convert_rgb": null, "do_pad": false, "pad_size": null,
             "crop_size": {"height": 3, "width": 3}, "do_center_crop": false, "data_format": "channels_first", "input_data_format": null, "device": null,
             "size": {"height": 4, "width": 6}}
            """;

        Process(json, Counting(9, 9)).Shape.Should().Equal(1, 3, 4, 6);
    }

    [Fact]
    public void Load_Folder_ReadsEitherFileAndNamesBothWhenMissing()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var load = () => ImageProcessor.Load(folder.FullName);
            load.Should().Throw<ConfigException>().WithMessage("*neither preprocessor_config.json nor processor_config.json*");

            File.WriteAllText(Path.Combine(folder.FullName, "processor_config.json"),
                """{"image_processor": {"image_processor_type": "SiglipImageProcessor", "size": {"height": 2, "width": 2}}}""");
            load().Process([Counting(2, 2)]).Shape.Should().Equal(1, 3, 2, 2);

            File.WriteAllText(Path.Combine(folder.FullName, "preprocessor_config.json"), "{");
            load.Should().Throw<ConfigException>().WithMessage("*not valid JSON*");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Process_EverythingOff_GivesTheSamplesChannelsFirst()
    {
        var result = Process("""
            {"image_processor_type": "CLIPImageProcessor", "do_resize": false, "do_center_crop": null, "do_rescale": false, "do_normalize": false}
            """, Counting(2, 2));

        result.Shape.Should().Equal(1, 3, 2, 2);
        result.Resized.Should().Equal(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
        result.PixelValues.Should().Equal(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
    }

    // numpy: (numpy.float32(7 * (1 / 255)) - numpy.float32(0.48145466)) / numpy.float32(0.26862954)
    [Fact]
    public void Process_RescaleAndNormalize_RoundAsNumpyDoes()
    {
        var result = Process("""{"image_processor_type": "CLIPImageProcessor", "do_resize": false, "do_center_crop": false}""", new RgbImage(1, 1, [7, 7, 7]));

        result.PixelValues[0].Should().Be(((float)(7 * (1 / 255.0)) - 0.48145466f) / 0.26862954f);
    }

    [Fact]
    public void Process_OneMeanForAllChannelsAndNoRescale_IsHonoured()
    {
        var result = Process("""{"image_processor_type": "SiglipImageProcessor", "do_resize": false, "do_rescale": false, "image_mean": 10, "image_std": 2}""",
            new RgbImage(1, 1, [10, 12, 8]));

        result.PixelValues.Should().Equal(0, 1, -1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    public void Process_Resample_IsThatFilter(int code, int filter)
    {
        var image = Counting(31, 17);

        var result = Process($$"""{"image_processor_type": "SiglipImageProcessor", "size": {"height": 9, "width": 12}, "resample": {{code}} }""", image);

        var resized = ImageResizer.Resize(image, 12, 9, (Resample)filter).Pixels;
        result.Resized.Should().Equal(Enumerable.Range(0, 3).SelectMany(c => Enumerable.Range(0, 108).Select(i => resized[3 * i + c])));
    }

    [Fact]
    public void Process_SeveralImages_AreStackedInOrder()
    {
        var clip = """{"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 8}, "crop_size": 8}""";
        RgbImage[] images = [Counting(20, 9), Counting(5, 30)];

        var both = Process(clip, images);

        both.Shape.Should().Equal(2, 3, 8, 8);
        both.PixelValues.Should().Equal([.. Process(clip, images[0]).PixelValues, .. Process(clip, images[1]).PixelValues]);
    }

    [Fact]
    public void Process_SizesThatDoNotStack_AreRefused()
    {
        var process = () => Process("""{"image_processor_type": "SiglipImageProcessor", "do_resize": false}""", Counting(2, 2), Counting(3, 2));

        process.Should().Throw<ImageProcessingException>().WithMessage("*2 x 2 and as 3 x 2*do_resize*");
    }

    [Theory]
    [InlineData("CLIPImageProcessor")]
    [InlineData("SiglipImageProcessor")]
    [InlineData("Qwen2VLImageProcessor")]
    public void Process_NoImages_IsRefused(string name)
    {
        var process = () => Process($$"""{"image_processor_type": "{{name}}"}""");

        process.Should().Throw<ImageProcessingException>().WithMessage("*none were given*");
    }

    [Fact]
    public void Process_ClipOnAnExtremeShape_IsRefusedNotExhausting()
    {
        var process = () => Process("""{"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 336}}""", new RgbImage(1, 600_000));

        process.Should().Throw<ImageTooLargeException>().WithMessage("*336 x 201600000*");
    }

    [Theory]
    [InlineData("CLIPImageProcessor", 1, 1, "[1,3,224,224]")]
    [InlineData("CLIPImageProcessor", 1, 27, "[1,3,224,224]")]
    [InlineData("CLIPImageProcessor", 27, 200, "[1,3,224,224]")]
    [InlineData("SiglipImageProcessor", 1, 1, "[1,3,224,224]")]
    [InlineData("SiglipImageProcessor", 1, 27, "[1,3,224,224]")]
    [InlineData("SiglipImageProcessor", 27, 200, "[1,3,224,224]")]
    [InlineData("Qwen2VLImageProcessor", 1, 1, "[16,1176]")]
    [InlineData("Qwen2VLImageProcessor", 1, 27, "[44,1176]")]
    [InlineData("Qwen2VLImageProcessor", 27, 200, "[28,1176]")]
    public void Process_TinyOrNarrowImage_GivesTheDefinedShape(string name, int width, int height, string shape)
    {
        foreach (var image in (RgbImage[])[Counting(width, height), Counting(height, width)])
        {
            var result = Process($$"""{"image_processor_type": "{{name}}"}""", image);

            $"[{string.Join(',', result.Shape)}]".Should().Be(shape);
            result.PixelValues.Should().OnlyContain(value => float.IsFinite(value));
        }
    }

    [Fact]
    public void Process_OneByTwoHundredAndOne_IsRefusedWithBothNumbers()
    {
        var process = () => Process("""{"image_processor_type": "Qwen2VLImageProcessor"}""", Counting(1, 201));

        process.Should().Throw<ImageProcessingException>().WithMessage("*200*201*");
    }

    [Theory]
    [InlineData("CLIPImageProcessor")]
    [InlineData("SiglipImageProcessor")]
    [InlineData("Qwen2VLImageProcessor")]
    public void Process_Sequence_HoldsOneImageAtFullSizeAtATime(string name)
    {
        var made = new List<WeakReference>();
        IEnumerable<RgbImage> Images()
        {
            for (var i = 0; i < 6; i++)
            {
                GC.Collect();
                made.Count(image => image.IsAlive).Should().BeLessThanOrEqualTo(1, "only the one just handed over may still be held");
                yield return Make();
            }
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        RgbImage Make()
        {
            var image = Counting(300, 300);
            made.Add(new WeakReference(image));
            return image;
        }

        ImageProcessor.FromJson($$"""{"image_processor_type": "{{name}}"}""").Process(Images()).Count.Should().Be(6);
    }
}
