using System.CommandLine;
using Vrp.Harness.Datasets;
using Vrp.Models;

namespace Vrp.Cli;

/// <summary>The options of every command that reads a question set (docs/datasets.md).</summary>
/// <param name="required">Whether --data has to be given; where a configuration may say it instead, it does not.</param>
sealed class DataOptions(bool required = true)
{
    readonly Option<string[]> data = new("--data") { Description = "The question set, a .jsonl file; repeated, several files that are asked as one.",
        Required = required };
    readonly Option<string?> images = new("--images") { Description = "Folder of its images. Default: images beside the file, else the file's folder." };
    readonly Option<int?> limit = new("--limit") { Description = "Only the first N images, with all of their questions." };
    readonly Option<string?> corrected = new("--corrected-labels")
    {
        Description = "A file of corrected labels (RePOPE's form), or repope: RePOPE's for POPE's own files.",
    };
    readonly Option<string> unlisted = new("--unlisted") { Description = "What happens to questions that the corrections do not list: drop or keep.",
        DefaultValueFactory = _ => "drop" };
    readonly Option<string?> judgements = new("--judgements") { Description = "A file of judgements on free answers." };
    readonly ExifOption exif = new();
    readonly Option<double?> threshold = new("--judgement-threshold") { Description = "Least score that counts as right, where judgements are scores." };

    public void AddTo(VrpCommand command) => command.AddAll(data, images, limit, corrected, unlisted, judgements, threshold, exif.Option);

    public Dataset Open(ParseResult r)
    {
        var dataset = r.GetValue(data) switch
        {
            null or [] => throw new VrpException("no question set: give --data FILE, or --config with a subject of it."),
            [var file] => DatasetReader.Open(file, Read(r)),
            var files => DatasetReader.Open(string.Join('+', files.Select(Path.GetFileNameWithoutExtension)), files, Read(r)),
        };
        if (dataset.Images?.Warning is { } warning) r.InvocationConfiguration.Error.Say($"{dataset.Name}: {warning}");
        return dataset;
    }

    DatasetOptions Read(ParseResult r) => new()
    {
        Images = r.GetValue(images),
        Limit = r.GetValue(limit),
        CorrectedLabels = r.GetValue(corrected),
        Unlisted = r.GetValue(unlisted) switch
        {
            "drop" => UnlistedLabel.Drop,
            "keep" => UnlistedLabel.Keep,
            var other => throw new VrpException($"--unlisted {other}: expected drop or keep."),
        },
        Judgements = r.GetValue(judgements),
        JudgementThreshold = r.GetValue(threshold),
        Exif = exif.Read(r),
    };
}
