using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Datasets.Pope;
using Vrp.Harness.Datasets.Readers;

namespace Vrp.Harness.Datasets;

/// <summary>Opens question files: POPE's, the project's own, LLaVA-Bench's. The format is told by the fields of the first row (docs/datasets.md).</summary>
public static class DatasetReader
{
    /// <summary>Name of the alias table that is read when it lies beside the question file.</summary>
    const string AliasFile = "aliases.json";

    /// <exception cref="DatasetException">The file cannot be read or used; all rows concerned are listed.</exception>
    public static Dataset Open(string path, DatasetOptions? options = null)
    {
        options ??= new();
        var (rows, form) = RowFile.Read(path);
        var reader = RowReader.For(rows[0]);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, name = Path.GetFileNameWithoutExtension(path);
        var images = new ImageFolder(options.Images ?? DefaultImages(folder));
        var questions = reader.Read(name, rows, images);
        DatasetChecks.Check(path, questions);

        var aliases = Path.Combine(folder, AliasFile);
        var dataset = new Dataset(name, questions, File.Exists(aliases) ? AliasTable.Load(aliases) : AliasTable.Empty,
            options.Judgements is { } judgements ? Judgements.Load(judgements, options.JudgementThreshold) : null)
        {
            Exif = options.Exif, Form = $"{reader.Name}, {form}",
        };
        if (options.CorrectedLabels is { } corrections)
            dataset = CorrectedLabels.Load(PopeLabels.Locate(corrections, path)).Apply(dataset, options.Unlisted).Dataset;
        if (options.Limit is { } limit) dataset = dataset.Limit(limit);
        return options.CheckImages ? dataset with { Images = images.Check(path, dataset.Questions, options.Exif) } : dataset;
    }

    /// <summary>Several files asked as one set, for example the study's four. Ids stay those of the files; images of the same name in one folder are one
    /// group.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="paths">At least one; rows stay in this order.</param>
    /// <param name="options">For all of them; a limit takes the first images of the joined set.</param>
    /// <exception cref="DatasetException">A file cannot be used, or two files ask the same.</exception>
    public static Dataset Open(string name, IReadOnlyList<string> paths, DatasetOptions? options = null)
    {
        options ??= new();
        Dataset[] sets = [.. paths.Select(path => Open(path, options with { Limit = null, CheckImages = false }))];
        var judgements = sets.Select(set => set.Judgements).FirstOrDefault(j => j is not null);
        var joined = new Dataset(name, [.. sets.SelectMany(set => set.Questions)], AliasTable.Join(sets.Select(set => set.Aliases)), judgements)
        {
            Exif = options.Exif, Form = string.Join(" + ", sets.Select(set => set.Form).Distinct()),
        };
        DatasetChecks.Check(string.Join(" + ", paths), joined.Questions);
        if (options.Limit is { } limit) joined = joined.Limit(limit);
        if (!options.CheckImages) return joined;
        var images = new ImageFolder(options.Images ?? DefaultImages(Path.GetDirectoryName(Path.GetFullPath(paths[0]))!));
        return joined with { Images = images.Check(string.Join(" + ", paths), joined.Questions, options.Exif) };
    }

    static string DefaultImages(string folder) => Path.Combine(folder, "images") is var images && Directory.Exists(images) ? images : folder;
}
