namespace Vrp.Models.Images;

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
