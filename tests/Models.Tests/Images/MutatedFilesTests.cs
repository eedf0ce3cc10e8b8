using FsCheck.Xunit;
using Vrp.Models.Images;

namespace Vrp.Models.Tests.Images;

/// <summary>Damaged files: whatever the damage, an image of the header's size or one typed error; no other exception, no crash, no hang.</summary>
public sealed class MutatedFilesTests
{
    static readonly Lazy<byte[][]> Files = new(() => [.. ImageGoldens.Variants.Select(File.ReadAllBytes)]);
    static readonly Lazy<byte[][]> AllFormats = new(() => [.. Files.Value, .. OtherFormatsTests.Files().Select(row => row.Data.Item2)]);

    // Small limits: a mutated header may ask for a large image within the default ones, and the test has to be quick.
    static readonly ImageLimits Limits = new(MaxPixels: 4_000_000);

    [Property(MaxTest = 1500)]
    public void Decode_BytesChanged_GivesAnImageOrATypedError(int seed) => Survives(Change(new Random(seed)));

    [Property(MaxTest = 500)]
    public void Decode_AnyPrefix_IsATypedError(int seed)
    {
        var random = new Random(seed);
        var file = Files.Value[random.Next(Files.Value.Length)];

        var decode = () => ImageFile.Decode(file[..random.Next(file.Length)], "x", limits: Limits);

        decode.Should().Throw<ImageException>();
    }

    [Property(MaxTest = 300)]
    public void Decode_NoiseAfterASignature_GivesATypedError(int seed)
    {
        var random = new Random(seed);
        var noise = new byte[random.Next(200)];
        random.NextBytes(noise);

        foreach (var signature in (byte[][])[PngBytes.Signature, [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, 0xDA, 0, 2]])
        {
            var decode = () => ImageFile.Decode([.. signature, .. noise], "x", limits: Limits);
            decode.Should().Throw<ImageException>();
        }
    }

    static byte[] Change(Random random)
    {
        List<byte> file = [.. AllFormats.Value[random.Next(AllFormats.Value.Length)]];
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var at = random.Next(random.Next(2) == 0 ? Math.Min(file.Count, 100) : file.Count);      // headers are a small part of a file
            switch (random.Next(5))
            {
                case 0: file[at] = (byte)random.Next(256); break;
                case 1: file[at] = (byte)(random.Next(2) * 255); break;
                case 2: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 3: file.RemoveRange(at, Math.Min(random.Next(1, 20), file.Count - at - 1)); break;
                default: file.InsertRange(at, Enumerable.Range(0, random.Next(1, 20)).Select(_ => (byte)random.Next(256))); break;
            }
        }

        return [.. file];
    }

    static void Survives(byte[] file)
    {
        try
        {
            var image = ImageFile.Decode(file, "mutated", limits: Limits);
            image.Pixels.Length.Should().Be(image.Width * image.Height * 3);
        }
        catch (ImageException e)
        {
            e.Message.Should().StartWith("mutated: ");
        }
    }
}
