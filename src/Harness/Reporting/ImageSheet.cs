using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Vrp.Models;
using Vrp.Models.Images;
using Vrp.Models.Storage;

namespace Vrp.Harness.Reporting;

/// <summary>The images of a report, each once however many subjects and questions share it, small enough that the page keeps its limit.</summary>
sealed class ImageSheet
{
    /// <summary>Longest side in pixels and JPEG quality, tried in turn until all images fit.</summary>
    static readonly (int Side, int Quality)[] sizes = [(320, 80), (224, 80), (160, 82), (160, 65), (112, 65), (80, 55), (56, 45)];

    /// <summary>Images above this size are for looking at closely: they may take half of the room, so that a page of many opens fast.</summary>
    const int Ample = 160;

    /// <summary>Bytes up to which a file goes into the page unchanged.</summary>
    const int Small = 8 << 10;

    readonly Dictionary<(string Path, ExifRule Exif), int> places = [];
    readonly List<(string Path, ExifRule Exif)> files = [];
    readonly Dictionary<(ReportSubject Subject, string Name), int> known = [];

    /// <summary>The number of a question's image, or null where there is no file.</summary>
    public int? Place(ReportSubject subject, string name)
    {
        if (known.TryGetValue((subject, name), out var place)) return place < 0 ? null : place;
        var path = subject.ImagePath?.Invoke(name);
        if (path is null || !File.Exists(path)) known[(subject, name)] = place = -1;
        else
        {
            var file = (Path.GetFullPath(path), subject.Exif);
            if (!places.TryGetValue(file, out place))
            {
                places.Add(file, place = files.Count);
                files.Add(file);
            }

            known[(subject, name)] = place;
        }

        return place < 0 ? null : place;
    }

    /// <summary>Images as data URIs (base64url: the page turns it back), and what a reader has to know about them.</summary>
    /// <param name="budget">Characters that they may take.</param>
    public JsonObject ToJson(long budget)
    {
        var problems = new ConcurrentQueue<string>();
        Picture?[] pictures = [.. files.AsParallel().AsOrdered().Select(file => Load(file.Path, file.Exif, problems))];
        foreach (var (side, quality) in sizes)
        {
            string?[] encoded = [.. pictures.AsParallel().AsOrdered().Select(picture => picture is null ? null : Encode(picture, side, quality))];
            if (encoded.Sum(text => (long)(text?.Length ?? 0)) <= (side > Ample ? budget / 2 : budget)) return Json(encoded, pictures, problems, side);
        }

        problems.Enqueue($"{files.Count} images do not fit into the page even at {sizes[^1].Side} pixels, so it has none. Report fewer questions.");
        return Json(new string?[files.Count], pictures, problems, 0);
    }

    static JsonObject Json(string?[] encoded, Picture?[] pictures, IEnumerable<string> problems, int side) => new()
    {
        ["side"] = side,
        ["uris"] = new JsonArray([.. encoded.Select(text => text is null ? null : JsonValue.Create(text))]),
        ["sizes"] = new JsonArray([.. pictures.SelectMany(picture => new[] { picture?.Width ?? 0, picture?.Height ?? 0 })
            .Select(size => JsonValue.Create(size))]),
        ["problems"] = SafeJson.Of(problems.Order(StringComparer.Ordinal).Take(5)),
    };

    /// <summary>An image that cannot be read is named and left out: the report's figures do not stand on it.</summary>
    static Picture? Load(string path, ExifRule exif, ConcurrentQueue<string> problems)
    {
        try
        {
            var file = FileDoor.ReadAllBytes(path);
            var (image, traits) = ImageFile.DecodeWithTraits(file, Path.GetFileName(path), exif);
            var scale = Math.Min(1, sizes[0].Side / (double)Math.Max(image.Width, image.Height));
            // A browser turns a picture as its EXIF data say and blends what is transparent; the page has to show what the model was shown.
            var unchanged = scale == 1 && file.Length <= Small && traits is { Format: "PNG" or "JPEG", Orientation: 1, Transparent: false, SixteenBit: false };
            return new Picture(image.Width, image.Height, scale < 1 ? Scaled(image, scale) : image, unchanged ? file : null, traits.Format);
        }
        catch (Exception error) when (error is VrpException or IOException or UnauthorizedAccessException)
        {
            problems.Enqueue(error.Message);
            return null;
        }
    }

    /// <summary>The file itself where it is small already, else a JPEG of it.</summary>
    static string Encode(Picture picture, int side, int quality)
    {
        if (picture.File is { } file && (side, quality) == sizes[0]) return Uri(file, picture.Format.ToLowerInvariant());
        var scale = Math.Min(1, side / (double)Math.Max(picture.Image.Width, picture.Image.Height));
        return Uri(ImageFile.EncodeJpeg(scale < 1 ? Scaled(picture.Image, scale) : picture.Image, quality), "jpeg");
    }

    static RgbImage Scaled(RgbImage image, double scale) =>
        ImageResizer.Resize(image, Math.Max(1, (int)Math.Round(scale * image.Width)), Math.Max(1, (int)Math.Round(scale * image.Height)));

    static string Uri(byte[] file, string type) => $"data:image/{type};base64,{Base64Url.EncodeToString(file)}";

    /// <summary>An image at its largest size in the page, and its file where that is small enough to go in unchanged.</summary>
    sealed record Picture(int Width, int Height, RgbImage Image, byte[]? File, string Format);
}

/// <summary>A folder of images, as <see cref="ReportSubject.ImagePath"/> wants it.</summary>
public static class ReportImages
{
    /// <summary>Finds an image by the name that questions give it. A name that would lead out of the folder finds nothing.</summary>
    /// <exception cref="VrpException">No such folder.</exception>
    public static Func<string, string?> Finder(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        if (!Directory.Exists(root)) throw new VrpException($"{folder}: no such folder of images.");
        return name =>
        {
            if (name.Length == 0 || name.Contains('\0')) return null;
            var path = Path.GetFullPath(Path.Combine(root, name));
            return path.StartsWith(root, StringComparison.Ordinal) && File.Exists(path) ? path : null;
        };
    }
}
