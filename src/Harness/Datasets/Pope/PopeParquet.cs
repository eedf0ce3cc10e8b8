using Parquet;
using Parquet.Schema;
using Vrp.Models.Checkpoints.Hub;

namespace Vrp.Harness.Datasets.Pope;

/// <summary>POPE as the hub's data set lmms-lab/POPE has it: a row per question with the image's bytes in <c>image.bytes</c> and COCO's name of it in
/// <c>image_source</c>. Each of the three splits holds all 500 images, so that one of them is enough.</summary>
public static class PopeParquet
{
    const string NameColumn = "image_source", BytesColumn = "image/bytes", Split = "Full/adversarial-";

    public static HubRepository Repository { get; } = new("lmms-lab/POPE") { Kind = "datasets" };

    public static bool IsNeeded(HubFile file) => file.Path.StartsWith(Split, StringComparison.Ordinal)
        && file.Path.EndsWith(".parquet", StringComparison.Ordinal);

    /// <summary>The images of one file that are wanted, each once, under COCO's file names.</summary>
    public static async IAsyncEnumerable<(string Name, byte[] Bytes)> Read(string path, IReadOnlySet<string> wanted)
    {
        await using var reader = await ParquetReader.CreateAsync(path);
        var fields = reader.Schema.GetDataFields();
        DataField Column(string name) => fields.FirstOrDefault(field => string.Join('/', field.Path.ToList()) == name)
            ?? throw new DatasetException(path, $"no column {name}; expected lmms-lab/POPE's. It has {string.Join(", ", fields.Select(field => field.Path))}. "
                + "Fetch from COCO (--from coco).");
        var (names, images) = (Column(NameColumn), Column(BytesColumn));
        var seen = new HashSet<string>();
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            var sources = new string?[rows.RowCount];
            var bytes = new byte[]?[rows.RowCount];
            await rows.ReadAsync(names, sources.AsMemory());
            await rows.ReadAsync(images, bytes.AsMemory());
            for (var row = 0; row < sources.Length; row++)
            {
                if (sources[row] is not { } source || bytes[row] is not { } picture) continue;
                var name = source.EndsWith(".jpg", StringComparison.Ordinal) ? source : source + ".jpg";
                if (wanted.Contains(name) && seen.Add(name)) yield return (name, picture);
            }
        }
    }
}
