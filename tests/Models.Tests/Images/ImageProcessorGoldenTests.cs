using System.Runtime.InteropServices;
using System.Text.Json;
using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

/// <summary>Every processor on every image of processed.json, against transformers' slow processors.</summary>
public sealed class ImageProcessorGoldenTests
{
    [Theory, MemberData(nameof(ImageGoldens.Cases), MemberType = typeof(ImageGoldens))]
    public void Process_EveryGolden_EqualsTransformers(string processor, string file)
    {
        var golden = ImageGoldens.Case(processor, file);
        var images = ImageProcessor.FromJson(ImageGoldens.Config(processor));
        var process = () => images.Process([ImageGoldens.Read(file)]);

        if (golden.TryGetProperty("error", out var error))
        {
            process.Should().Throw<ImageProcessingException>().WithMessage($"{error.GetString()}*");
            return;
        }

        var result = process();

        result.Shape.Should().Equal(Longs(golden.GetProperty("shape")));
        var (shape, resized) = ImageGoldens.Resized(processor, file);
        result.Shape.Should().Equal(shape);
        result.Resized.AsSpan().SequenceEqual(resized).Should().BeTrue("uint8 after resizing must be bit-equal");
        if (ImageGoldens.PixelValues(processor, file) is var (_, values))
            result.PixelValues.AsSpan().SequenceEqual(values).Should().BeTrue("pixel_values must be bit-equal");
        if (golden.TryGetProperty("image_grid_thw", out var grid)) result.ImageGridThw.Should().Equal(grid.EnumerateArray().SelectMany(Longs));
        else result.ImageGridThw.Should().BeNull();

        // The values are equal; numpy adds them pairwise and we one by one, so the float64 sums differ by rounding alone: at most
        // half a unit in the last place (2^-53) of the sum of magnitudes per addition.
        double absolute = result.PixelValues.Sum(value => Math.Abs((double)value)), rounding = Math.ScaleB(result.PixelValues.Length * absolute, -53);
        result.PixelValues.Sum(value => (double)value).Should().BeApproximately(golden.GetProperty("sum").GetDouble(), rounding);
        absolute.Should().BeApproximately(golden.GetProperty("abs_sum").GetDouble(), rounding);
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Process_EveryCheckpointCase_EqualsItsPixelValues(string model)
    {
        var processor = ImageProcessor.Load(Goldens.At("models", model));
        var tensors = ImageGoldens.Tensors(Goldens.At("models", model, "golden.safetensors"));
        var golden = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Goldens.At("models", model, "golden.json")));
        var compared = 0;
        foreach (var item in golden.GetProperty("cases").EnumerateArray())
        {
            var name = item.GetProperty("name").GetString()!;
            if (!tensors.TryGetValue($"{name}.pixel_values", out var expected)) continue;
            string[] files = [.. item.GetProperty("images").EnumerateArray().Select(image => image.GetString()!)];

            var result = processor.Process([.. files.Select(file => ImageFile.Read(Goldens.At("images", file)))]);

            result.Shape.Should().Equal(expected.Shape);
            MemoryMarshal.AsBytes<float>(result.PixelValues).SequenceEqual(expected.Bytes).Should().BeTrue("{0}.pixel_values must be bit-equal", name);
            if (tensors.TryGetValue($"{name}.image_grid_thw", out var grid))
                MemoryMarshal.AsBytes<long>(result.ImageGridThw).SequenceEqual(grid.Bytes).Should().BeTrue();
            compared++;
        }

        compared.Should().BePositive();
    }

    static IEnumerable<long> Longs(JsonElement array) => array.EnumerateArray().Select(item => item.GetInt64());
}
