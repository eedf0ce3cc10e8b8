using Vrp.Harness.Datasets.Answers;
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
        var rows = JsonRow.ReadFile(path);
        var reader = RowReader.For(rows[0]);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, name = Path.GetFileNameWithoutExtension(path);
        var images = new ImageFolder(options.Images ?? DefaultImages(folder));
        var samples = reader.Read(name, rows, images);
        DatasetChecks.Check(path, samples);

        string aliases = Path.Combine(folder, AliasFile);
        var dataset = new Dataset(name, samples, File.Exists(aliases) ? AliasTable.Load(aliases) : AliasTable.Empty,
            options.Judgements is { } judgements ? Judgements.Load(judgements, options.JudgementThreshold) : null);
        if (options.CorrectedLabels is { } corrections) dataset = CorrectedLabels.Load(corrections).Apply(dataset, options.Unlisted).Dataset;
        if (options.Limit is { } limit) dataset = dataset.Limit(limit);
        if (options.CheckImages) images.Check(path, dataset.Samples);
        return dataset;
    }

    static string DefaultImages(string folder) => Path.Combine(folder, "images") is var images && Directory.Exists(images) ? images : folder;
}
