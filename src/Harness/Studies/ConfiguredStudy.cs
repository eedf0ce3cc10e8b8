using Vrp.Harness.Configuration;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Pope;
using Vrp.Harness.Intervening;
using Vrp.Harness.Tracing;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Storage;

namespace Vrp.Harness.Studies;

/// <summary>A subject of vrp.json as a study to make.</summary>
public static class ConfiguredStudy
{
    /// <summary>Folder of stored runs: <c>VRP_CACHE</c>, else <c>vrp</c> in the user's cache folder.</summary>
    public static string Cache => CacheFolder.Path;

    /// <summary>Opens a question set of the configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">The set's name in it, which becomes the data set's.</param>
    public static Dataset Open(VrpConfig config, string name)
    {
        RequireFiles(config, [name]);
        var data = config.Data[name];
        string? At(string? path) => path is null ? null : config.At(path);
        var options = data with { Images = At(data.Images),
            CorrectedLabels = data.CorrectedLabels == PopeLabels.Name ? PopeLabels.Name : At(data.CorrectedLabels), Judgements = At(data.Judgements) };
        return DatasetReader.Open(name, [.. data.Files.Select(config.At)], options);
    }

    /// <summary>Refuses a path of a required subject that leads nowhere. What can only be a name of the hub may be absent: that subject does not run.</summary>
    /// <exception cref="VrpException">There is one; the nearest folder is named.</exception>
    public static void RequireCheckpoints(VrpConfig config)
    {
        foreach (var subject in config.Subjects.Where(subject => subject.Required))
        {
            var (path, parts) = (config.At(subject.Checkpoint), subject.Checkpoint.Split('/'));
            var isPath = Path.IsPathRooted(subject.Checkpoint) || parts.Length != 2 || parts[0] is "." or ".." || Directory.Exists(config.At(parts[0]));
            if (!isPath || Path.Exists(path)) continue;
            var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));
            var near = Directory.Exists(parent) ? NearNames.Closest(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
                Directory.GetDirectories(parent).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)) : null;
            throw new VrpException($"{config.Source}: checkpoint \"{subject.Checkpoint}\" of {subject.Name}: no such folder "
                + $"({path}){(near is null ? "." : $"; did you mean \"{near}\"?")}");
        }
    }

    /// <summary>Names every file that question sets need and that is not there.</summary>
    /// <exception cref="VrpException">There is one.</exception>
    public static void RequireFiles(VrpConfig config, IReadOnlyList<string> sets)
    {
        string[] missing = [.. sets.SelectMany(name => config.Data[name] is var set
            ? set.Files.Append(set.CorrectedLabels == PopeLabels.Name ? null : set.CorrectedLabels).Append(set.Judgements) : []).OfType<string>()
            .Select(config.At).Distinct().Where(path => !File.Exists(path))];
        if (missing.Length > 0)
            throw new VrpException($"{config.Source}: {missing.Length} "
                + $"{(missing.Length == 1 ? "file of its question sets is" : "files of its question sets are")} not "
                + $"there:{string.Concat(missing.Select(path => $"\n  {path}"))}\n"
                + "docs/datasets.md says what such files hold and how to make them. vrp.pope.json needs no file that is not in the repository, and its "
                    + "images come by `vrp fetch pope`.");
    }

    /// <summary>What is to be done for a subject. The folder is the same for the same subject, data and limit, so that a run finds what an earlier one
    /// left.</summary>
    public static StudyRequest Request(VrpConfig config, SubjectConfig subject, Dataset dataset)
    {
        var limit = config.Data[config.DataOf(subject)].Limit;
        return new StudyRequest(subject.Name, dataset, Path.Combine(Cache, "runs", $"{subject.Name}-{dataset.Name}{(limit is { } n ? $"-first-{n}" : "")}"))
        {
            Trace = subject.Block is { } block ? config.Trace with { BlockSize = block } : config.Trace,
            Budget = config.InterventionBudget(),
            Interventions = new InterventionOptions { MaxNewTokens = config.Trace.MaxNewTokens,
                RowsPerBatch = subject.Rows ?? new InterventionOptions().RowsPerBatch },
            Protocol = config.Protocol,
        };
    }

    /// <summary>A checkpoint as the configuration means it: a folder relative to the file where there is one, else a name for the hub's cache.</summary>
    public static string Checkpoint(VrpConfig config, string checkpoint) => Directory.Exists(config.At(checkpoint)) ? config.At(checkpoint) : checkpoint;
}
