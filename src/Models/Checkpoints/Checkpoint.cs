using System.Collections.Concurrent;
using System.Text.Json;
using Vrp.Models.Checkpoints.Hub;
using Vrp.Models.Storage;
using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint of one of the supported families, as the hub lays it out: config.json, safetensors, tokenizer and processor files. Opening reads the
/// config and the headers, and checks both; the weights stay on disk until <c>LoadWeights</c>.</summary>
public sealed class Checkpoint
{
    internal const string ConfigFile = "config.json";

    readonly CheckpointLocation location;

    Checkpoint(CheckpointLocation location, ConfigSection settings, Family family, IReadOnlyDictionary<string, TensorEntry> tensors) =>
        (this.location, Settings, Family, Tensors) = (location, settings, family, tensors);

    /// <summary>Full path of the folder.</summary>
    public string Folder => location.Folder;

    /// <summary>The repository (<c>org/name</c>) of a hub snapshot, else the folder's name.</summary>
    public string Name => location.Name;

    /// <summary>The commit of a hub snapshot; null of other folders.</summary>
    public string? Commit => HubCache.CommitOf(Folder);

    /// <summary>config.json as it stands.</summary>
    public JsonElement Config => Settings.Json;

    /// <summary>config.json with typed reading; the family configs are made from it.</summary>
    public ConfigSection Settings { get; }

    /// <summary>The family.</summary>
    public Family Family { get; }

    /// <summary>The family's <c>model_type</c>.</summary>
    public string ModelType => Family.ModelType;

    /// <summary>The dtype the checkpoint is meant for: config.json's (<c>dtype</c>, formerly <c>torch_dtype</c>), else the one that most of its floating bytes
    /// have.</summary>
    public ScalarType Dtype => StoredTypes.ScalarType(ConfiguredType(Settings) ?? ConfiguredType(Settings.Section("text_config")) ?? PrevailingType());

    /// <summary>Every stored tensor under its canonical name (<see cref="TensorNames"/>), buffers left out.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens a checkpoint: a folder, a snapshot of the hub's cache, or <c>org/name[@revision]</c> looked up in the local cache
    /// (<see cref="HubCache"/>).</summary>
    /// <exception cref="CheckpointException">It cannot be used; the derived type and the message say why and what to do.</exception>
    public static Checkpoint Open(string pathOrRepository) => Open(pathOrRepository, HubCache.FromEnvironment());

    internal static Checkpoint Open(string pathOrRepository, HubCache cache)
    {
        var location = CheckpointLocation.Find(pathOrRepository, cache);
        var config = Path.Combine(location.Folder, ConfigFile);
        if (!LinkedFile.Exists(config)) throw new ConfigException(config, null, $"{config} is missing; a checkpoint's folder holds it. {location.HowToGet}");

        var settings = ConfigSection.Read(config);
        var modelType = settings.String("model_type");
        var family = ModelFamilies.Find(modelType) ?? throw new UnsupportedModelTypeException(config, modelType,
            [.. ModelFamilies.All.Select(f => f.ModelType)]);
        if (Quantisation(settings) is { } method) throw new QuantisedCheckpointException(config, method);
        return new Checkpoint(location, settings, family, Canonical(location, family.TensorNames, WeightFiles.ReadTensors(location)));
    }

    /// <summary>The text of a small file of the checkpoint (tokenizer.json, chat_template.jinja…); null where there is none.</summary>
    public string? ReadText(string fileName)
    {
        if (fileName != Path.GetFileName(fileName))
            throw new ArgumentException($"'{fileName}' is a path; expected the name of a file in the checkpoint's folder.", nameof(fileName));
        var path = Path.Combine(Folder, fileName);
        if (!LinkedFile.Exists(path)) return null;
        try
        {
            return FileDoor.ReadAllText(path);
        }
        catch (FileException e)
        {
            throw new CheckpointException(path, $"{e.Message} {location.HowToGet}", e);
        }
    }

    /// <summary>Reads the weights into memory, one copy from the mapped files into tensor storage.</summary>
    /// <param name="expectedShapes">The tensors that the config implies, by canonical name: no others may be stored and none may lack. Where the config
    /// ties the head to the embedding, the head is left out; a checkpoint that stores it all the same loads if it equals the embedding.</param>
    /// <param name="dtype">Dtype of the floating tensors; null keeps each as it is stored.</param>
    /// <param name="device">Where they are to live; the CPU when not said.</param>
    /// <returns>The weights, which belong to the caller.</returns>
    /// <exception cref="TensorMismatchException">Tensors are missing, unexpected or misshapen.</exception>
    /// <exception cref="TiedHeadException">A stored head differs from the embedding to which the config ties it.</exception>
    /// <exception cref="NonFiniteWeightsException">A weight is NaN or infinite, or overflows <paramref name="dtype"/>. The scan runs on each block just
    /// copied, while it lies in the cache, and costs about a tenth of the load.</exception>
    public Weights LoadWeights(IReadOnlyDictionary<string, long[]> expectedShapes, ScalarType? dtype = null, Device? device = null)
    {
        CheckShapes(expectedShapes);
        var (head, embedding) = (Family.TensorNames.Head, Family.TensorNames.Embedding);
        if (!expectedShapes.ContainsKey(head) && Tensors.ContainsKey(head)) TiedHead.Check(Folder, Tensors[head], Tensors[embedding]);

        TensorEntry[] entries = [.. expectedShapes.Keys.Select(name => Tensors[name])];
        var findings = new ConcurrentBag<(TensorEntry Entry, WeightRange.Finding Finding)>();
        var tensors = TensorLoader.Load(entries, dtype is { } asked ? Floating(asked) : null, device ?? CPU, findings);
        var weights = Weights.From(entries.Zip(tensors).Select(pair => KeyValuePair.Create(pair.First.Name, pair.Second)));
        if (findings.IsEmpty) return weights;

        weights.Dispose();
        throw new NonFiniteWeightsException(Folder, Sum(findings), dtype?.ToString() ?? "stored");
    }

    /// <summary>Holds the stored tensors against the expected ones and reports all differences at once. Only names and shapes are looked at.</summary>
    /// <param name="expected">As <see cref="LoadWeights"/> takes them.</param>
    /// <exception cref="TensorMismatchException">Tensors are missing, unexpected or misshapen.</exception>
    public void CheckShapes(IReadOnlyDictionary<string, long[]> expected)
    {
        var optional = expected.ContainsKey(Family.TensorNames.Head) ? null : Family.TensorNames.Head;
        string[] missing = [.. expected.Keys.Where(name => !Tensors.ContainsKey(name)).Order(StringComparer.Ordinal)];
        string[] unexpected = [.. Tensors.Keys.Where(name => !expected.ContainsKey(name) && name != optional).Order(StringComparer.Ordinal)];
        MisshapenTensor[] misshapen = [.. expected.Where(e => Tensors.TryGetValue(e.Key, out var stored) && !stored.Shape.AsSpan().SequenceEqual(e.Value))
            .Select(e => new MisshapenTensor(e.Key, e.Value, Tensors[e.Key].Shape)).OrderBy(t => t.Name, StringComparer.Ordinal)];
        if (missing.Length + unexpected.Length + misshapen.Length == 0) return;

        var headOnly = missing is [var only] && only == Family.TensorNames.Head;
        throw new TensorMismatchException(Folder, missing, unexpected, misshapen, headOnly
            ? "config.json says that the head is not tied to the embedding; if the model was trained tied, set tie_word_embeddings to true. "
                + $"Otherwise: {location.HowToGet}"
            : $"config.json and weights are of two models, or the files are incomplete. {location.HowToGet}");
    }

    static StoredType Floating(ScalarType dtype) => StoredTypes.Of(dtype) is { } type && StoredTypes.IsFloating(type) ? type
        : throw new ArgumentException($"LoadWeights: dtype is {dtype}; expected Float16, BFloat16, Float32 or Float64.", nameof(dtype));

    static NonFiniteTensor[] Sum(IEnumerable<(TensorEntry Entry, WeightRange.Finding Finding)> findings) =>
        [.. findings.GroupBy(f => f.Entry, f => f.Finding)
            .Select(group => new NonFiniteTensor(group.Key.Name, group.Sum(f => f.NonFinite), group.Sum(f => f.Overflowing),
            Index(group.Min(f => f.First), group.Key.Shape))).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>The index in a shape of the element at a row-major position.</summary>
    static long[] Index(long position, long[] shape)
    {
        var index = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--) (position, index[d]) = Math.DivRem(position, shape[d]);
        return index;
    }

    static StoredType? ConfiguredType(ConfigSection section)
    {
        var key = section.Has("dtype") ? "dtype" : "torch_dtype";
        return section.StringOrNull(key)?.Split('.')[^1] switch
        {
            null => null,
            "float16" => StoredType.F16,
            "bfloat16" => StoredType.BF16,
            "float32" => StoredType.F32,
            "float64" => StoredType.F64,
            _ => throw section.Unusable(key, "float16, bfloat16, float32 or float64"),
        };
    }

    StoredType PrevailingType() => Tensors.Values.Where(t => StoredTypes.IsFloating(t.Type)).GroupBy(t => t.Type)
        .OrderByDescending(group => group.Sum(t => t.ByteLength)).Select(group => (StoredType?)group.Key).FirstOrDefault() ?? StoredType.F32;

    static string? Quantisation(ConfigSection settings)
    {
        ConfigSection[] sections = [settings, settings.Section("text_config")];
        return sections.Where(s => s.Has("quantization_config"))
            .Select(s => s.Section("quantization_config").StringOrNull("quant_method") ?? "no quant_method").FirstOrDefault();
    }

    static Dictionary<string, TensorEntry> Canonical(CheckpointLocation location, TensorNames names, IReadOnlyList<TensorEntry> stored)
    {
        var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var tensor in stored.Where(t => !TensorNames.IsBuffer(t.StoredName)))
        {
            var name = names.Canonical(tensor.StoredName);
            if (!tensors.TryAdd(name, tensor with { Name = name }))
                throw new CheckpointException(location.Folder,
                    $"{location.Folder}: '{Display.Name(tensor.StoredName)}' and '{Display.Name(tensors[name].StoredName)}' are two names of one tensor "
                    + $"({Display.Name(name)}); expected one generation of names. Save the checkpoint again with one version of transformers.");
        }

        return tensors;
    }
}
