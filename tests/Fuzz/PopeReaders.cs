using Parquet;
using Parquet.Schema;
using Vrp.Harness.Datasets.Pope;

namespace Vrp.Fuzz;

/// <summary>What `vrp fetch pope` reads: the hashes that it wrote down, and the hub's file of images.</summary>
static class PopeReaders
{
    static readonly byte[] image = [0xFF, 0xD8, 1, 2, 3, 0xFF, 0xD9];

    static readonly Lazy<byte[]> parquet = new(() => Made().GetAwaiter().GetResult());

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("images of POPE, hashes", folder =>
        {
            var images = new PopeImages(folder);
            foreach (var name in PopeImages.Names.Take(3)) images.Keep(name, image, "test");
            images.Save();
        }, PopeImages.Record, folder =>
        {
            var images = new PopeImages(folder);
            var missing = images.Missing();
            foreach (var name in missing.Take(3)) images.Keep(name, image, "test");
            images.Save();
        }),
        new("images of POPE, Parquet", folder => File.WriteAllBytes(Path.Combine(folder, "p.parquet"), parquet.Value), "p.parquet", folder =>
        {
            var read = Task.Run(async () =>
            {
                await foreach (var (name, bytes) in PopeParquet.Read(Path.Combine(folder, "p.parquet"), PopeImages.Names.ToHashSet())) _ = (name, bytes);
            });
            read.GetAwaiter().GetResult();
        }),
    ];

    static async Task<byte[]> Made()
    {
        var schema = new ParquetSchema(new DataField<string>("image_source"), new StructField("image", new DataField<byte[]>("bytes")));
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            using var group = writer.CreateRowGroup();
            var leaves = schema.GetDataFields();
            await group.WriteAsync(leaves[0], PopeImages.Names.Take(3).Select(name => Path.GetFileNameWithoutExtension(name)).ToArray());
            await group.WriteAsync(leaves[1], Enumerable.Repeat(image, 3).ToArray());
        }
        return file.ToArray();
    }
}
