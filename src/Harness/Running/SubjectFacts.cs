using System.Globalization;
using Vrp.Harness.Datasets;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Images;
using Vrp.Models.Storage;

namespace Vrp.Harness.Running;

/// <summary>What the results of every stage depend on: model, files, questions, prompt, numerics.</summary>
static class SubjectFacts
{
    /// <summary>Raised whenever a change of this program changes what a stage stores.</summary>
    const int Schema = 1;

    static readonly string[] CompanionFiles = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json",
        "processor_config.json", "chat_template.json", "chat_template.jinja", "special_tokens_map.json"];

    /// <param name="model">The subject.</param>
    /// <param name="checkpoint">Its files.</param>
    /// <param name="dataset">What it is asked.</param>
    /// <param name="images">The images' hashes, read once for all that needs them.</param>
    /// <param name="hashes">Of files.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(VisionLanguageModel model, Checkpoint checkpoint, Dataset dataset,
        SortedDictionary<string, string> images, FileHashes hashes)
    {
        string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
        yield return new("schema", Text(Schema));
        yield return new("model.name", checkpoint.Name);
        // Of a checkpoint from the hub alone: a folder has no commit, and its files' hashes below say what it is.
        if (checkpoint.Commit is { } commit) yield return new("model.commit", commit);
        yield return new("model.family", model.Config.ModelType);
        yield return new("model.layers", Text(model.Layers));
        yield return new("model.hidden", Text(model.HiddenSize));
        yield return new("model.heads", Text(model.Config.Text.NumAttentionHeads));
        yield return new("model.end_tokens", string.Join(",", model.EndTokenIds));
        yield return new("data.name", dataset.Name);
        yield return new("data.samples", Text(dataset.Questions.Count));
        yield return new("data.questions", dataset.QuestionFingerprint(images));
        yield return new(ImageList.Fact, Sha256Hex.Of(ImageList.Serialize(images)));
        yield return new("data.exif", dataset.Exif == ExifRule.Transpose ? "transpose" : "ignore");
        yield return new("prompt", model.Processor.Format("{question}", 1));
        foreach (var path in Directory.GetFiles(checkpoint.Folder, "*.safetensors").Order(StringComparer.Ordinal))
            yield return new($"file.{Path.GetFileName(path)}", hashes.Of(path));
        foreach (var path in CompanionFiles.Select(name => Path.Combine(checkpoint.Folder, name)).Where(File.Exists))
            yield return new($"file.{Path.GetFileName(path)}", hashes.Of(path));
        foreach (var fact in NumericsProfile.Of(model)) yield return fact;
    }
}
