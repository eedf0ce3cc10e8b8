using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Vrp.Harness.Datasets.Pope;
using Vrp.Models;
using Vrp.Models.Images;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets;

/// <summary>The folder that a question file's images lie in.</summary>
public sealed partial class ImageFolder(string path)
{
    readonly string root = FileDoor.Resolve(".", path, "the folder of images");

    /// <summary>Where the image should lie, whether or not it does.</summary>
    /// <exception cref="DatasetException">The name leads out of the folder.</exception>
    public string Locate(string image, int row)
    {
        if (!FileDoor.IsPath(image)) throw new DatasetException(root, "an image's name is blank or holds control characters; expected a file's name.",
            [(row, image)]);
        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, image));
        return full.StartsWith(root.TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full
            : throw new DatasetException(root, "an image's name leads out of the folder of images; expected a name inside it.", [(row, image)]);
    }

    /// <summary>Decodes every image once; all that are missing or unreadable are named in one error. What the others carry is counted.</summary>
    public ImageCounts Check(string source, IReadOnlyList<Question> questions, ExifRule exif)
    {
        var first = questions.GroupBy(s => s.ImagePath).Select(g => g.First()).ToList();
        var missing = first.Where(s => !File.Exists(s.ImagePath)).ToList();
        if (missing.Count > 0)
            throw new DatasetException(source,
                $"{missing.Count} of {first.Count} images are not in {root}{(Directory.Exists(root) ? "" : ", a folder that does not exist")}. "
                + (missing.All(s => PopeImages.Names.Contains(s.Image)) ? "`vrp fetch pope` brings the 500 that POPE asks about. " : "")
                + $"{WhereToFind(missing[0].Image)} Name their folder with --images.",
                [.. missing.Select(s => (s.Row, s.Image))]);

        var unreadable = new ConcurrentBag<(int Row, string What)>();
        var traits = new ConcurrentBag<ImageTraits>();
        Parallel.ForEach(first, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, question =>
        {
            try
            {
                traits.Add(ImageFile.ReadWithTraits(question.ImagePath, exif).Traits);
            }
            catch (VrpException error)
            {
                unreadable.Add((question.Row, error.Message));
            }
        });
        if (!unreadable.IsEmpty)
            throw new DatasetException(source, $"{unreadable.Count} of {first.Count} images cannot be read. Replace them:",
                [.. unreadable.OrderBy(u => u.Row)]);
        return ImageCounts.Of(traits, exif);
    }

    /// <summary>COCO's file names say which archive holds them.</summary>
    static string WhereToFind(string image) => CocoName().Match(image) is { Success: true } coco
        ? $"{image} is an image of COCO {coco.Groups[1].Value}: http://images.cocodataset.org/{coco.Groups[1].Value}/{System.IO.Path.GetFileName(image)}, "
          + $"all of them in http://images.cocodataset.org/zips/{coco.Groups[1].Value}.zip."
        : "The question file does not say where they come from.";

    [GeneratedRegex("COCO_(train2014|val2014|test2014|test2015)_[0-9]{12}[.]jpg$")]
    private static partial Regex CocoName();
}
