using Vrp.Models.Checkpoints;

namespace Vrp.Models.Images;

/// <summary>A checkpoint's image processor (preprocessor_config.json), equal to Hugging Face's slow, Pillow-based class of that name. A name that ends in Fast
/// gives the same processor: torchvision's resizing, which the fast classes use, differs from Pillow's in single units.</summary>
public abstract class ImageProcessor
{
    /// <summary>The size that every image comes out with; null where it depends on the image.</summary>
    internal virtual (int Width, int Height)? FixedSize => null;

    /// <summary>Whether images come out in different sizes.</summary>
    public bool SizesDiffer => FixedSize is null;

    /// <summary>Pixels that an image has when it comes out, by its size in the file.</summary>
    public virtual long AreaOf(int width, int height) => FixedSize is var (fixedWidth, fixedHeight) ? (long)fixedWidth * fixedHeight : (long)width * height;

    /// <summary>Means and deviations of OpenAI's CLIP (image_utils.OPENAI_CLIP_MEAN, OPENAI_CLIP_STD).</summary>
    private protected static readonly double[] OpenAiClipMean = [0.48145466, 0.4578275, 0.40821073], OpenAiClipStd = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Centre and half range: pixels become -1 to 1 (image_utils.IMAGENET_STANDARD_MEAN, IMAGENET_STANDARD_STD).</summary>
    private protected static readonly double[] ImagenetStandardMean = [0.5, 0.5, 0.5], ImagenetStandardStd = [0.5, 0.5, 0.5];

    static readonly string[] Files = ["preprocessor_config.json", "processor_config.json"];

    private protected ImageProcessor()
    {
    }

    /// <summary>Reads a preprocessor_config.json, or the one of a checkpoint folder (where newer transformers put it into processor_config.json).</summary>
    /// <exception cref="ConfigException">Missing, not JSON, another class, or a setting that is not honoured here.</exception>
    public static ImageProcessor Load(string path)
    {
        if (!Directory.Exists(path)) return From(ConfigSection.Read(path));
        var file = Files.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists);
        return file is not null ? From(ConfigSection.Read(file))
            : throw new ConfigException(path, null, $"{path} holds neither {string.Join(" nor ", Files)}; one of them describes the image processor. Download "
                + "it with the checkpoint.");
    }

    /// <summary>The same from text. <paramref name="source"/> names it in messages.</summary>
    public static ImageProcessor FromJson(string json, string source = "preprocessor_config.json") => From(ConfigSection.Parse(json, source));

    /// <summary>Makes a batch's pixel_values.</summary>
    /// <param name="images">At least one image. Each is brought to its size before the next is taken: a sequence that decodes files as it is read holds
    /// no more than the last image and the next at full size.</param>
    /// <exception cref="ImageException">An image that Hugging Face's class refuses too, or sizes that cannot be stacked.</exception>
    public abstract ProcessedImages Process(IEnumerable<RgbImage> images);

    static ImageProcessor From(ConfigSection json)
    {
        if (json.Has("image_processor")) json = json.Section("image_processor");         // processor_config.json of transformers 5
        var key = json.Has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
        var name = json.String(key);
        var slow = name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
        return ModelFamilies.All.FirstOrDefault(family => family.ImageProcessors.Contains(slow))?.ImageProcessor(json)
            ?? throw json.Unusable(key, ModelFamilies.Listed(ModelFamilies.All.Select(family => family.ImageProcessors[0])));
    }
}

/// <summary>What an image processor makes of a batch of images.</summary>
/// <param name="PixelValues">float32 of <see cref="Shape"/>: the model's <c>pixel_values</c>.</param>
/// <param name="Resized">uint8 of <see cref="Shape"/>: the same after resizing, cropping and patching, before rescaling and normalising.</param>
/// <param name="Shape">[images, 3, height, width], or [patches, 3 * temporal_patch_size * patch_size²] (Qwen2-VL).</param>
/// <param name="ImageGridThw">int64[images, 3]: temporal, vertical and horizontal patches of each image (Qwen2-VL), else null.</param>
public sealed record ProcessedImages(float[] PixelValues, byte[] Resized, long[] Shape, long[]? ImageGridThw)
{
    /// <summary>How many images.</summary>
    public int Count => ImageGridThw is { } grid ? grid.Length / 3 : (int)Shape[0];

    /// <summary>Of stacked images: patches down and across.</summary>
    internal (int Rows, int Columns) Cells(int patchSize) => ((int)Shape[2] / patchSize, (int)Shape[3] / patchSize);
}

/// <summary>A processor that brings every image to one size and stacks them: pixel_values [images, 3, height, width].</summary>
abstract class StackingImageProcessor : ImageProcessor
{
    private protected abstract PixelNormalizer Normalizer { get; }

    /// <summary>Resizes and crops one image.</summary>
    private protected abstract RgbImage Fit(RgbImage image);

    /// <inheritdoc/>
    public sealed override ProcessedImages Process(IEnumerable<RgbImage> images)
    {
        RgbImage[] fitted = [.. images.Select(Fit)];
        if (fitted.Length == 0) throw new ImageProcessingException("Processing images: none were given, and at least one is needed.");
        var (width, height) = (fitted[0].Width, fitted[0].Height);
        if (fitted.FirstOrDefault(image => image.Width != width || image.Height != height) is { } other)
            throw new ImageProcessingException($"Processing {fitted.Length} images: they come out as {width} x {height} and as {other.Width} x {other.Height} "
                + "pixels, which cannot be stacked. Turn on do_resize (and do_center_crop), or give them one at a time.");

        var plane = width * height;
        if ((long)fitted.Length * RgbImage.Channels * plane > Array.MaxLength)
            throw new ImageProcessingException($"Processing {fitted.Length} images of {width} x {height} pixels at once: too many for one batch. "
                + "Give fewer at a time (--block).");
        var resized = new byte[checked(fitted.Length * RgbImage.Channels * plane)];
        var values = new float[resized.Length];
        for (var i = 0; i < fitted.Length; i++)
            for (var c = 0; c < RgbImage.Channels; c++)
            {
                var start = (i * RgbImage.Channels + c) * plane;
                for (var p = 0; p < plane; p++) resized[start + p] = fitted[i].Pixels[p * RgbImage.Channels + c];
                Normalizer.Apply(resized.AsSpan(start, plane), c, values.AsSpan(start));
            }

        return new ProcessedImages(values, resized, [fitted.Length, RgbImage.Channels, height, width], null);
    }
}

/// <summary>Rescaling and normalising as Hugging Face's image_transforms.py: <c>rescale</c> multiplies in float64 and rounds to float32,
/// <c>normalize</c> subtracts and divides in float32. A sample has 256 values, so each channel is a table.</summary>
/// <param name="scale">Factor of rescaling, null for none.</param>
/// <param name="normal">Mean and standard deviation per channel, null for no normalising.</param>
sealed class PixelNormalizer(double? scale, (double[] Mean, double[] Deviation)? normal)
{
    readonly float[][] tables = [.. Enumerable.Range(0, RgbImage.Channels).Select(c => Table(scale, normal?.Mean[c], normal?.Deviation[c]))];

    /// <summary>The values of samples of one channel.</summary>
    public void Apply(ReadOnlySpan<byte> samples, int channel, Span<float> values)
    {
        var table = tables[channel];
        for (var i = 0; i < samples.Length; i++) values[i] = table[samples[i]];
    }

    static float[] Table(double? scale, double? mean, double? deviation)
    {
        var table = new float[256];
        for (var sample = 0; sample < table.Length; sample++)
        {
            var value = scale is double factor ? (float)(sample * factor) : sample;
            table[sample] = mean is double m && deviation is double d ? (value - (float)m) / (float)d : value;
        }

        return table;
    }
}
