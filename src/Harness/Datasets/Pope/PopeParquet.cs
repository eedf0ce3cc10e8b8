using Parquet;
using Parquet.Schema;
using Vrp.Models;
using Vrp.Models.Checkpoints.Hub;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets.Pope;

/// <summary>POPE as the hub's data set lmms-lab/POPE has it: a row per question with the image's bytes in <c>image.bytes</c> and COCO's name of it in
/// <c>image_source</c>. Each of the three splits holds all 500 images, so that one of them is enough.</summary>
public static class PopeParquet
{
    const string NameColumn = "image_source", BytesColumn = "image/bytes", Split = "Full/adversarial-";

    public static HubRepository Repository { get; } = new("lmms-lab/POPE") { Kind = "datasets" };

    public static bool IsNeeded(HubFile file) => file.Path.StartsWith(Split, StringComparison.Ordinal)
        && file.Path.EndsWith(".parquet", StringComparison.Ordinal);

    /// <summary>Most rows of one group: POPE's splits have 3,000.</summary>
    const long MostRows = 1_000_000;

    /// <summary>The images of one file that are wanted, each once, under COCO's file names.</summary>
    /// <exception cref="DatasetException">It is no Parquet file of that form.</exception>
    public static async IAsyncEnumerable<(string Name, byte[] Bytes)> Read(string path, IReadOnlySet<string> wanted)
    {
        await using var file = FileDoor.OpenRead(path);
        await using var reader = await Guarded(path, () => ParquetReader.CreateAsync(file));
        var seen = new HashSet<string>();
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            var at = group;
            foreach (var (source, image) in await Guarded(path, () => Group(path, reader, at)))
            {
                if (source is null || image is null) continue;
                var name = source.EndsWith(".jpg", StringComparison.Ordinal) ? source : source + ".jpg";
                if (wanted.Contains(name) && seen.Add(name)) yield return (name, image);
            }
        }
    }

    static async Task<IEnumerable<(string? Source, byte[]? Image)>> Group(string path, ParquetReader reader, int group)
    {
        var fields = reader.Schema.GetDataFields();
        DataField Column(string name) => fields.FirstOrDefault(field => string.Join('/', field.Path.ToList()) == name)
            ?? throw new DatasetException(path, $"no column {name}; expected lmms-lab/POPE's. It has {string.Join(", ", fields.Select(field => field.Path))}. "
                + "Fetch from COCO (--from coco).");
        using var rows = reader.OpenRowGroupReader(group);
        if (rows.RowCount is < 0 or > MostRows) throw new DatasetException(path, $"a group of {rows.RowCount} rows; expected lmms-lab/POPE's.");
        var sources = new string?[rows.RowCount];
        var bytes = new byte[]?[rows.RowCount];
        await rows.ReadAsync(Column(NameColumn), sources.AsMemory());
        await rows.ReadAsync(Column(BytesColumn), bytes.AsMemory());
        return sources.Zip(bytes);
    }

    /// <summary>The library throws whatever a damaged file makes of its code.</summary>
    static async Task<T> Guarded<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is not (VrpException or OutOfMemoryException or OperationCanceledException))
        {
            throw new DatasetException(path, "is no Parquet file that can be read. Delete it and fetch again, or from COCO (--from coco).",
                inner: e);
        }
    }
}
