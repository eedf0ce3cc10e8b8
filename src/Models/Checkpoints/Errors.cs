namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint that cannot be used as it is: base of the errors of this folder. <see cref="Path"/> is the file or folder at fault.</summary>
public class CheckpointException(string path, string message, Exception? inner = null) : VrpException(message, inner)
{
    public string Path { get; } = path;
}

/// <summary>No checkpoint where one was asked for: no such folder, no such snapshot in the hub's cache, or a folder without weights.</summary>
public sealed class CheckpointNotFoundException(string path, string message, Exception? inner = null) : CheckpointException(path, message, inner);

/// <summary>A JSON settings file (config.json, preprocessor_config.json…) that is missing or not JSON, or a key in it of the wrong kind. <see cref="Key"/> is
/// the dotted path of that key (<c>text_config.hidden_size</c>), null when the whole file is at fault.</summary>
public sealed class ConfigException(string path, string? key, string message, Exception? inner = null) : CheckpointException(path, message, inner)
{
    public string? Key { get; } = key;
}

/// <summary>A checkpoint that holds its weights as Python pickles alone, which run code when they are read.</summary>
public sealed class PickleCheckpointException(string path, string file) : CheckpointException(path,
    $"{path}: the weights are a Python pickle ({Display.Name(file)}); expected model.safetensors or model.safetensors.index.json. Convert it once: "
    + $"python -c \"from transformers import AutoModelForImageTextToText as M; "
    + $"M.from_pretrained('{path}', torch_dtype='auto').save_pretrained('{path}', safe_serialization=True)\"")
{
    public string File { get; } = file;
}

/// <summary>A quantised checkpoint: its tensors are packed integers, which this engine does not unpack.</summary>
public sealed class QuantisedCheckpointException(string path, string method) : CheckpointException(path,
    $"{path}: the checkpoint is quantised (quantization_config: {Display.Name(method)}); expected float16, bfloat16 or float32 weights. "
    + "Use the checkpoint it was made from.")
{
    public string Method { get; } = method;
}

/// <summary>A checkpoint of another family than those implemented here.</summary>
public sealed class UnsupportedModelTypeException(string path, string modelType, IReadOnlyList<string> supported) : CheckpointException(path,
    $"{path}: model_type '{Display.Name(modelType)}' is not supported; supported are {string.Join(", ", supported)}. "
    + "Use a checkpoint of one of these families.")
{
    public string ModelType { get; } = modelType;

    public IReadOnlyList<string> Supported { get; } = supported;
}

/// <summary>A safetensors file that breaks the format: nothing of it is used. <see cref="Tensor"/> is the tensor at fault, where there is one.</summary>
public sealed class SafetensorsException(string path, SafetensorsDefect defect, string? tensor, string what,
    string next = SafetensorsException.DownloadAgain, Exception? inner = null)
    : CheckpointException(path, $"{path}: {(tensor is null ? "" : $"tensor '{Display.Name(tensor)}': ")}{what}. {next}", inner)
{
    internal const string DownloadAgain = "The file is damaged or not a safetensors file; download it again.";

    public SafetensorsDefect Defect { get; } = defect;

    public string? Tensor { get; } = tensor;
}

/// <summary>What is wrong with a safetensors file.</summary>
public enum SafetensorsDefect
{
    /// <summary>The file ends before the header's length, or before the last tensor.</summary>
    Truncated,

    /// <summary>The header claims more than the format's limit of 100,000,000 bytes.</summary>
    HeaderTooLarge,

    /// <summary>The header claims more bytes than the file has.</summary>
    HeaderBeyondFile,

    /// <summary>The header is not JSON of the format's form.</summary>
    HeaderNotValid,

    /// <summary>A tensor, or a key of its entry, is there twice.</summary>
    DuplicateKey,

    /// <summary>A dtype that this program does not read.</summary>
    UnknownType,

    /// <summary>A shape with negative dimensions, or whose element count overflows.</summary>
    InvalidShape,

    /// <summary>A tensor's bytes are not shape × size of its dtype.</summary>
    SizeMismatch,

    /// <summary>Offsets that are negative, reversed or wholly beyond the file.</summary>
    OffsetsOutOfRange,

    /// <summary>Two tensors share bytes.</summary>
    OffsetsOverlap,

    /// <summary>Bytes that belong to no tensor.</summary>
    OffsetsGap,
}

/// <summary>A sharded checkpoint whose index and files disagree. <see cref="CheckpointException.Path"/> is the index.</summary>
public sealed class ShardIndexException(string path, ShardIndexDefect defect, string what, string next, Exception? inner = null)
    : CheckpointException(path, $"{path}: {what}. {next}", inner)
{
    public ShardIndexDefect Defect { get; } = defect;
}

/// <summary>What is wrong with a sharded checkpoint.</summary>
public enum ShardIndexDefect
{
    /// <summary>The index is not JSON with a <c>weight_map</c> of strings, or holds a key twice.</summary>
    NotValid,

    /// <summary>A shard is named that is not there.</summary>
    MissingFile,

    /// <summary>A shard is named by a path that leaves the folder.</summary>
    OutsideFolder,

    /// <summary>The index places a tensor in a shard that does not hold it.</summary>
    TensorNotInShard,

    /// <summary>Two shards hold a tensor of one name.</summary>
    TensorInTwoShards,
}

/// <summary>A checkpoint whose tensors are not those that its config.json implies: all differences at once, each with the nearest name on the other
/// side.</summary>
public sealed class TensorMismatchException : CheckpointException
{
    /// <summary>Names of each kind, and letters of all, that a message shows.</summary>
    const int MostShown = 5, MostLetters = 300;

    internal TensorMismatchException(string path, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected,
        IReadOnlyList<MisshapenTensor> misshapen, string hint)
        : base(path, Describe(path, missing, unexpected, misshapen, hint)) => (Missing, Unexpected, Misshapen) = (missing, unexpected, misshapen);

    /// <summary>Canonical names that the config implies and the checkpoint lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Canonical names that the checkpoint holds and the config does not imply.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    public IReadOnlyList<MisshapenTensor> Misshapen { get; }

    static string Describe(string path, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<MisshapenTensor> misshapen, string hint)
    {
        var left = MostLetters;
        return $"{path}: the weights do not fit config.json: {Shown("missing", missing, name => Display.Name(name) + Near(name, unexpected))}, "
            + $"{Shown("unexpected", unexpected, name => Display.Name(name) + Near(name, missing))}, "
            + $"{Shown("misshapen", misshapen, t => $"{Display.Name(t.Name)}: expected {Display.Shape(t.Expected)}, found {Display.Shape(t.Found)}")}. {hint}";

        // Only what is shown is described: looking for near names is quadratic in the number of tensors.
        string Shown<T>(string kind, IReadOnlyList<T> items, Func<T, string> describe)
        {
            var shown = new List<string>();
            foreach (var item in items.Take(MostShown))
            {
                var text = describe(item);
                if (text.Length > left) break;
                left -= text.Length;
                shown.Add(text);
            }
            if (shown.Count < items.Count) shown.Add($"… and {items.Count - shown.Count} more");
            return $"{items.Count} {kind}{(items.Count == 0 ? "" : $" ({string.Join("; ", shown)})")}";
        }
    }

    static string Near(string name, IReadOnlyList<string> others) => NearNames.Closest(name, others) is { } near ? $" (near: {Display.Name(near)})" : "";
}

/// <summary>A tensor whose shape is not the one that config.json implies.</summary>
public sealed record MisshapenTensor(string Name, long[] Expected, long[] Found);

/// <summary>A checkpoint whose config ties the output head to the input embedding, but which stores a head of its own that differs.</summary>
public sealed class TiedHeadException(string path, string head, string embedding, string difference) : CheckpointException(path,
    $"{path}: config.json ties the head to the embedding (tie_word_embeddings), but '{head}' is stored and differs from '{embedding}': {difference}. "
    + "Set tie_word_embeddings to false in config.json if the model was trained with a head of its own; otherwise remove the stored head.")
{
    public string Head { get; } = head;

    public string Embedding { get; } = embedding;
}

/// <summary>Weights that hold NaN or infinities, or would after the conversion asked for.</summary>
public sealed class NonFiniteWeightsException : CheckpointException
{
    const int MostShown = 4;

    internal NonFiniteWeightsException(string path, IReadOnlyList<NonFiniteTensor> tensors, string dtype) : base(path, Describe(path, tensors, dtype)) =>
        Tensors = tensors;

    public IReadOnlyList<NonFiniteTensor> Tensors { get; }

    static string Describe(string path, IReadOnlyList<NonFiniteTensor> tensors, string dtype)
    {
        var next = tensors.Any(t => t.NonFinite > 0) ? "The file is damaged or training diverged; download it again or use an earlier checkpoint."
            : "Load it with a dtype of wider range (bfloat16 or float32).";
        return $"{path}: {tensors.Count} tensors cannot be used as {dtype}: "
            + $"{string.Join("; ", Display.Cut([.. tensors.Select(t => Describe(t, dtype))], MostShown))}. {next}";
    }

    static string Describe(NonFiniteTensor t, string dtype)
    {
        string[] parts = [.. new[] { (t.NonFinite, "NaN or infinite"), (t.Overflowing, $"beyond the range of {dtype}") }.Where(p => p.Item1 > 0)
            .Select(p => $"{p.Item1} values {p.Item2}")];
        return $"{Display.Name(t.Name)}: {string.Join(", ", parts)}, first at {Display.Shape(t.First)}";
    }
}

/// <summary>A tensor with values that no computation survives.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="NonFinite">Stored values that are NaN or infinite.</param>
/// <param name="Overflowing">Finite values that would become infinite in the dtype asked for.</param>
/// <param name="First">Index of the first of either, in the tensor's shape.</param>
public sealed record NonFiniteTensor(string Name, long NonFinite, long Overflowing, long[] First);

/// <summary>How names and shapes from a file appear in messages.</summary>
static class Display
{
    const int LongestName = 200;

    /// <summary>A name that is safe to print: a hostile file may hold terminal escapes or megabytes.</summary>
    public static string Name(string name)
    {
        var shown = string.Concat(name.Take(LongestName).Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return name.Length <= LongestName ? shown : shown + "…";
    }

    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>The first items, and how many were cut.</summary>
    public static IEnumerable<string> Cut(IReadOnlyCollection<string> lines, int most) =>
        lines.Count <= most ? lines : lines.Take(most).Append($"… and {lines.Count - most} more");
}
