using System.Globalization;
using System.Text.Json;
using TorchSharp;
using Vrp.Harness.Datasets;
using Vrp.Harness.Storage;
using Vrp.Models;
using Vrp.Models.Checkpoints;
using Vrp.Models.Engine;
using Vrp.Models.Images;
using Vrp.Models.Storage;
using static TorchSharp.torch;

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

/// <summary>images.json beside a trace's blocks: the SHA-256 of every image that the model was shown, so that an analysis notices another image under the same
/// name. Its own hash is a fact of the store's key.</summary>
static class ImageList
{
    public const string Name = "images.json";

    /// <summary>The fact of the key that holds the file's SHA-256.</summary>
    public const string Fact = "data.images";

    /// <param name="images"><see cref="Dataset.ImageHashes"/>.</param>
    public static byte[] Serialize(SortedDictionary<string, string> images) => JsonSerializer.SerializeToUtf8Bytes(images, Json.Indented);

    /// <summary>Holds the images that a data set names today against those of a trace. Images that are not on this machine are passed over: an analysis needs
    /// none, and a report then says that it has none.</summary>
    /// <exception cref="StoreException">An image is another one; the message names up to five.</exception>
    public static void Check(BlockStore store, Dataset dataset)
    {
        var traced = Json.Parse<SortedDictionary<string, string>>(store.ReadCompanion(Name, Fact), Path.Combine(store.Folder, Name));
        string[] other = [.. dataset.ImageHashes(presentOnly: true).Where(image => traced.TryGetValue(image.Key, out var then)
            && then != image.Value).Select(image => image.Key)];
        if (other.Length > 0)
            throw new StoreException($"{store.Folder} is a trace of other images: "
                + $"{string.Join(", ", other.Take(5))}{(other.Length > 5 ? $" and {other.Length - 5} more" : "")} changed since. "
                + "Put the old ones back, or trace again: the same `vrp study` or `vrp trace` command does.");
    }
}

/// <summary>What decides the last bits of a result besides model and data: the same program gives slightly other sums with another library, processor or number
/// of threads.</summary>
public static class NumericsProfile
{
    /// <summary>The facts, for a <see cref="RunKey"/>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(VisionLanguageModel model)
    {
        var onCpu = model.Device.type == DeviceType.CPU;
        yield return new("numerics.dtype", model.Dtype.ToString().ToLowerInvariant());
        yield return new("numerics.device", onCpu ? "cpu" : $"cuda, {GpuName}");
        yield return new("numerics.libtorch", __version__);
        if (!onCpu) yield break;
        yield return new("numerics.instructions", InstructionSet);
        yield return new("numerics.threads", get_num_threads().ToString(CultureInfo.InvariantCulture));     // products are split over them
    }

    /// <summary>What libtorch's own kernels use, and what was set for the libraries inside it (oneDNN, MKL), which choose for themselves.</summary>
    static string InstructionSet => string.Join(", ", ((string[])["ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR"])
        .Select(name => (name, value: Environment.GetEnvironmentVariable(name))).Where(setting => setting.value is { Length: > 0 })
        .Select(setting => $"{setting.name}={setting.value}").Prepend(EngineLibrary.CpuCapability()));

    /// <summary>As NVIDIA's driver names the first GPU.</summary>
    static string GpuName
    {
        get
        {
            const string Folder = "/proc/driver/nvidia/gpus";
            var model = Directory.Exists(Folder)
                ? Directory.GetDirectories(Folder).Order(StringComparer.Ordinal).Select(gpu => Path.Combine(gpu, "information")).Where(File.Exists)
                    .SelectMany(File.ReadAllLines).FirstOrDefault(line => line.StartsWith("Model:", StringComparison.Ordinal)) : null;
            return model?["Model:".Length..].Trim() ?? "unnamed";
        }
    }
}
