using System.Text.Json;
using Vrp.Harness.Datasets;
using Vrp.Harness.Storage;

namespace Vrp.Harness.Running;

/// <summary>images.json beside a trace's blocks: the SHA-256 of every image that the model was shown, so that an analysis notices another image under the same
/// name. Its own hash is a fact of the store's key.</summary>
static class ImageList
{
    public const string Name = "images.json";

    /// <summary>The fact of the key that holds the file's SHA-256.</summary>
    public const string Fact = "data.images";

    /// <param name="images"><see cref="Dataset.ImageHashes"/>.</param>
    public static byte[] Serialize(SortedDictionary<string, string> images) => JsonSerializer.SerializeToUtf8Bytes(images, Json.Indented);

    /// <summary>Holds the images that a data set names today against those of a trace. Images that are not on this machine are passed over: an analysis needs
    /// none, and a report then says that it has none.</summary>
    /// <exception cref="StoreException">An image is another one; the message names up to five.</exception>
    public static void Check(BlockStore store, Dataset dataset)
    {
        var traced = Json.Parse<SortedDictionary<string, string>>(store.ReadCompanion(Name, Fact), Path.Combine(store.Folder, Name));
        string[] other = [.. dataset.ImageHashes(presentOnly: true).Where(image => traced.TryGetValue(image.Key, out var then)
            && then != image.Value).Select(image => image.Key)];
        if (other.Length > 0)
            throw new StoreException($"{store.Folder} is a trace of other images: "
                + $"{string.Join(", ", other.Take(5))}{(other.Length > 5 ? $" and {other.Length - 5} more" : "")} changed since. "
                + "Put the old ones back, or trace again: the same `vrp study` or `vrp trace` command does.");
    }
}
