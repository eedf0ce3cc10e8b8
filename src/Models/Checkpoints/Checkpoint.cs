using System.Text.Json;

namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint of one of the supported families, as the hub lays it out: config.json, safetensors, tokenizer and processor files.
/// Opening reads the config and the headers, and checks both; the weights stay on disk until <c>LoadWeights</c>.</summary>
public sealed class Checkpoint
{
    internal const string ConfigFile = "config.json";

    readonly CheckpointLocation location;

    Checkpoint(CheckpointLocation location, ConfigSection settings, string modelType, IReadOnlyDictionary<string, TensorEntry> tensors) =>
        (this.location, Settings, ModelType, Tensors) = (location, settings, modelType, tensors);

    /// <summary>Full path of the folder.</summary>
    public string Folder => location.Folder;

    /// <summary>The repository (<c>org/name</c>) of a hub snapshot, else the folder's name.</summary>
    public string Name => location.Name;

    /// <summary>config.json as it stands.</summary>
    public JsonElement Config => Settings.Json;

    /// <summary>config.json with typed reading; the family configs are made from it.</summary>
    public ConfigSection Settings { get; }

    /// <summary>The family: llava, paligemma or qwen2_vl.</summary>
    public string ModelType { get; }

    /// <summary>Every stored tensor under its canonical name (<see cref="TensorNames"/>), buffers left out.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens a checkpoint: a folder, a snapshot of the hub's cache, or <c>org/name[@revision]</c> looked up in the local cache (<see cref="HubCache"/>).</summary>
    /// <exception cref="CheckpointException">It cannot be used; the derived type and the message say why and what to do.</exception>
    public static Checkpoint Open(string pathOrRepository) => Open(pathOrRepository, HubCache.FromEnvironment());

    internal static Checkpoint Open(string pathOrRepository, HubCache cache)
    {
        var location = CheckpointLocation.Find(pathOrRepository, cache);
        string config = Path.Combine(location.Folder, ConfigFile);
        if (!LinkedFile.Exists(config)) throw new ConfigException(config, null, $"{config} is missing; a checkpoint's folder holds it. {location.HowToGet}");

        var settings = ConfigSection.Read(config);
        string modelType = settings.String("model_type");
        if (!TensorNames.ModelTypes.Contains(modelType)) throw new UnsupportedModelTypeException(config, modelType, TensorNames.ModelTypes);
        if (Quantisation(settings) is { } method) throw new QuantisedCheckpointException(config, method);
        return new Checkpoint(location, settings, modelType, Canonical(location, modelType, WeightFiles.ReadTensors(location)));
    }

    /// <summary>The text of a small file of the checkpoint (tokenizer.json, chat_template.jinja…); null where there is none.</summary>
    public string? ReadText(string fileName)
    {
        if (fileName != Path.GetFileName(fileName)) throw new ArgumentException($"'{fileName}' is a path; expected the name of a file in the checkpoint's folder.", nameof(fileName));
        string path = Path.Combine(Folder, fileName);
        if (!LinkedFile.Exists(path)) return null;
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"{path} cannot be read: {e.Message} Check its permissions. {location.HowToGet}", e);
        }
    }

    static string? Quantisation(ConfigSection settings)
    {
        ConfigSection[] sections = [settings, settings.Section("text_config")];
        return sections.Where(s => s.Has("quantization_config")).Select(s => s.Section("quantization_config").StringOrNull("quant_method") ?? "no quant_method").FirstOrDefault();
    }

    static Dictionary<string, TensorEntry> Canonical(CheckpointLocation location, string modelType, IReadOnlyList<TensorEntry> stored)
    {
        var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var tensor in stored.Where(t => !TensorNames.IsBuffer(t.StoredName)))
        {
            string name = TensorNames.Canonical(modelType, tensor.StoredName);
            if (!tensors.TryAdd(name, tensor with { Name = name }))
                throw new CheckpointException(location.Folder, $"{location.Folder}: '{Display.Name(tensor.StoredName)}' and '{Display.Name(tensors[name].StoredName)}' are two names of one tensor "
                    + $"({Display.Name(name)}); expected one generation of names. Save the checkpoint again with one version of transformers.");
        }

        return tensors;
    }
}
