using Vrp.Models;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets.Pope;

/// <summary>Where POPE's images come from.</summary>
public enum PopeSource
{
    /// <summary>The first of the others that answers.</summary>
    Auto,

    /// <summary>COCO's own server, one by one.</summary>
    Coco,

    /// <summary>The data set lmms-lab/POPE of the hub, which holds them in Parquet.</summary>
    Hub,
}

/// <summary>A folder of the 500 images of COCO val2014 that POPE's questions name. Nobody publishes their hashes; the first fetch writes down what it received,
/// and every later one holds the folder against that.</summary>
public sealed class PopeImages
{
    /// <summary>In the form of sha256sum, beside the images.</summary>
    public const string Record = "images.sha256";

    /// <summary>Of one image; the largest of COCO have about 1 MB.</summary>
    public const int LargestImage = 16 << 20;

    const string CocoAddress = "http://images.cocodataset.org/val2014/";

    readonly string folder;
    readonly SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
    readonly Lock writing = new();

    public PopeImages(string folder)
    {
        this.folder = Path.GetFullPath(folder);
        if (!File.Exists(At(Record))) return;
        foreach (var line in FileDoor.ReadAllText(At(Record)).Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0))
            if (line.Split("  ", 2) is not [{ Length: 64 } hash, var name] || !hash.All(char.IsAsciiHexDigitLower) || !FileDoor.IsInside(name)
                || !hashes.TryAdd(name, hash))
                throw new FileException(At(Record), $"holds '{PlainText.Line(line, 120)}', which is no line of sha256sum, or a second one of its image. "
                    + "Delete the file; it is written again.");
    }

    /// <summary>fixtures/pope/images.txt: all of them, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ReadNames();

    public string Folder => folder;

    /// <summary>An image's address; <c>VRP_COCO</c> names a mirror's folder.</summary>
    public static Uri Address(string name)
    {
        var root = Environment.GetEnvironmentVariable("VRP_COCO") is { Length: > 0 } mirror ? mirror.TrimEnd('/') + "/" : CocoAddress;
        return Uri.TryCreate(root + name, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") ? address
            : throw new VrpException($"VRP_COCO={root}: expected an address that begins with http.");
    }

    /// <summary>Images that are not there, or not as they were received. One that a person put there is taken as it is.</summary>
    /// <exception cref="VrpException">One cannot be read.</exception>
    public IReadOnlyList<string> Missing()
    {
        try
        {
            return [.. Names.AsParallel().AsOrdered().Where(name => !IsThere(name))];
        }
        catch (AggregateException e) when (e.InnerException is FileException first)
        {
            throw new VrpException(first.Message, e);
        }
    }

    /// <summary>Keeps a received image.</summary>
    /// <exception cref="DatasetException">It is no whole JPEG, or not the one that was received before.</exception>
    public void Keep(string name, byte[] bytes, string source)
    {
        var hash = Sha256Hex.Of(bytes);
        if (!IsJpeg(bytes)) throw new DatasetException(source,
            $"{name} arrived with {bytes.Length} bytes that are no whole JPEG. Run the same command again, or fetch from elsewhere (--from).");
        lock (writing)
        {
            if (hashes.TryGetValue(name, out var before) && before != hash)
                throw new DatasetException(source, $"{name} has the SHA-256 {hash}, and {At(Record)} remembers {before}. Another source has other bytes: to "
                    + $"take them, delete {Record} and the images, and fetch all from one.");
            hashes[name] = hash;
        }
        AtomicFile.Write(At(name), bytes);
    }

    /// <summary>Writes down the hashes of what is there.</summary>
    public void Save()
    {
        lock (writing) AtomicFile.WriteText(At(Record), string.Concat(hashes.Select(pair => $"{pair.Value}  {pair.Key}\n")));
    }

    string At(string name) => Path.Combine(folder, name);

    bool IsThere(string name)
    {
        if (!File.Exists(At(name))) return false;
        var bytes = FileDoor.ReadAllBytes(At(name));
        var hash = Sha256Hex.Of(bytes);
        lock (writing)
        {
            if (hashes.TryGetValue(name, out var before)) return before == hash;
            if (!IsJpeg(bytes)) return false;
            hashes[name] = hash;
            return true;
        }
    }

    /// <summary>By its first and last marker: an HTML page and an image that broke off are none.</summary>
    static bool IsJpeg(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimEnd((byte)0);
        return bytes.Length > 4 && bytes[..2].SequenceEqual<byte>([0xFF, 0xD8]) && bytes[^2..].SequenceEqual<byte>([0xFF, 0xD9]);
    }

    static string[] ReadNames()
    {
        using var reader = new StreamReader(typeof(PopeImages).Assembly.GetManifestResourceStream("pope-images.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
