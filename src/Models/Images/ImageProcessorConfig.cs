using System.Text.Json;
using Vrp.Models.Checkpoints;

namespace Vrp.Models.Images;

/// <summary>What all image processors of preprocessor_config.json share: resizing filter, rescaling, normalising, and the watch over keys that are not honoured
/// here and would change the pixels.</summary>
sealed class ImageProcessorConfig
{
    // Settings that do not touch the pixels of a still RGB image, whatever their value.
    static readonly HashSet<string> Inert =
    [
        "processor_class", "image_processor_type", "feature_extractor_type", "_valid_processor_keys", "_processor_class", "image_seq_length",
        "model_input_names",
        "return_tensors", "device", "disable_grouping", "do_convert_rgb", "default_to_square", "num_additional_image_tokens", "vision_feature_select_strategy",
    ];

    readonly ConfigSection json;
    readonly HashSet<string> read = ["do_resize", "resample", "do_rescale", "rescale_factor", "do_normalize", "image_mean", "image_std", "data_format",
        "input_data_format"];

    public ImageProcessorConfig(ConfigSection json, double[] defaultMean, double[] defaultDeviation)
    {
        this.json = json;
        DoResize = Flag("do_resize", true);
        var filter = json.Int("resample", (int)Resample.Bicubic);
        Filter = Enum.IsDefined((Resample)filter) ? (Resample)filter : throw json.Unusable("resample", "a filter code of Pillow, 0 to 5");
        double? scale = Flag("do_rescale", true) ? json.Double("rescale_factor", 1 / 255.0) : null;
        (double[], double[])? normal = Flag("do_normalize", true) ? (PerChannel("image_mean", defaultMean), Deviation(defaultDeviation)) : null;
        Normalizer = new PixelNormalizer(scale, normal);
        foreach (var key in (string[])["data_format", "input_data_format"])
            if (json.Has(key) && !(json.Json.GetProperty(key) is { ValueKind: JsonValueKind.String } value && value.ValueEquals("channels_first")))
                throw json.Unusable(key, "'channels_first', the only layout that the models take");
    }

    public bool DoResize { get; }

    public Resample Filter { get; }

    public PixelNormalizer Normalizer { get; }

    /// <summary>A switch; an explicit null is false, as in Python.</summary>
    public bool Flag(string key, bool absent)
    {
        read.Add(key);
        return json.Json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Null ? false : json.Bool(key, absent);
    }

    /// <summary>Longest side of an image that a processor makes, in pixels: 16 megapixels are 192 MB of values.</summary>
    public const int LongestSide = 4096;

    /// <summary>A number of pixels, at least 1.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="absent">Where it is not set.</param>
    /// <param name="most">Of a side, or of an area.</param>
    public int Pixels(string key, int absent, int most = LongestSide)
    {
        read.Add(key);
        return Positive(json, key, json.Int(key, absent), most);
    }

    /// <summary>A size in any of Hugging Face's spellings: a number, {height, width}, {shortest_edge}… Null when the key is absent or null.</summary>
    public ImageSize? Size(string key)
    {
        read.Add(key);
        if (!json.Has(key)) return null;
        if (json.Json.GetProperty(key).ValueKind == JsonValueKind.Number) return new ImageSize(Number: Pixels(key, 0));
        // Edges are areas to some processors, which is why they are bounded where they are used.
        var parts = json.Section(key);
        return new ImageSize(Height: Part("height"), Width: Part("width"), ShortestEdge: Part("shortest_edge"), LongestEdge: Part("longest_edge"),
            MinPixels: Part("min_pixels"), MaxPixels: Part("max_pixels"));

        int? Part(string name) => parts.Has(name) ? Positive(parts, name, parts.Int(name), name is "height" or "width" ? LongestSide : int.MaxValue) : null;
    }

    /// <summary>Throws for a key that was not read, unless it is known not to matter or is off (null, false).</summary>
    public void RefuseUnread(string processor)
    {
        foreach (var property in json.Json.EnumerateObject())
            if (!read.Contains(property.Name) && !Inert.Contains(property.Name) && property.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
                throw json.Unusable(property.Name, $"no such setting: {processor} does not honour it here, and the pixels could differ from Hugging Face's");
    }

    double[] Deviation(double[] absent)
    {
        var deviation = PerChannel("image_std", absent);
        return deviation.All(d => (float)d != 0) ? deviation : throw json.Unusable("image_std", "numbers other than 0");
    }

    // One number is for all channels.
    double[] PerChannel(string key, double[] absent)
    {
        if (json.Has(key) && json.Json.GetProperty(key).ValueKind == JsonValueKind.Number) return [.. Enumerable.Repeat(json.Double(key), RgbImage.Channels)];
        var values = json.Doubles(key, absent);
        return values.Length == RgbImage.Channels ? values : throw json.Unusable(key, $"{RgbImage.Channels} numbers, one per channel");
    }

    static int Positive(ConfigSection section, string key, int value, int most) =>
        value > 0 && value <= most ? value : throw section.Unusable(key, $"a positive number{(most < int.MaxValue ? $" of at most {most}" : "")}");
}

/// <summary>A <c>size</c> or <c>crop_size</c> of preprocessor_config.json, in pixels, as spelled there; what is not given is null.</summary>
/// <param name="Number">A bare number, whose meaning the processor decides.</param>
sealed record ImageSize(int? Number = null, int? Height = null, int? Width = null, int? ShortestEdge = null, int? LongestEdge = null, int? MinPixels = null,
    int? MaxPixels = null);
