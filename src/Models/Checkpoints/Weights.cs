using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>A cursor over named tensors: <c>w["self_attn"]</c> goes one level down, <see cref="Take"/> gives a tensor below it, of a shape that the asking
/// constructor states. The tensors belong to this object (to no dispose scope) and are shared by all cursors over it. A name that leads nowhere is an error at
/// once: after <see cref="Checkpoint.LoadWeights"/> it is a defect of the model's code. Run over <see cref="ThatRecord"/>, constructors say what a checkpoint
/// of their configuration must hold, without one being there.</summary>
public sealed class Weights : IDisposable
{
    readonly IReadOnlyDictionary<string, Tensor> tensors;
    readonly IReadOnlySet<string> levels;
    readonly Dictionary<string, long[]>? asked;

    Weights(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlySet<string> levels, string path, Dictionary<string, long[]>? asked = null) =>
        (this.tensors, this.levels, Path, this.asked) = (tensors, levels, path, asked);

    /// <summary>A cursor without tensors, for a dry pass over a model's constructors: what they ask for is written into <paramref name="asked"/>, names and
    /// shapes in the order of asking.</summary>
    public static Weights ThatRecord(Dictionary<string, long[]> asked) => new(new Dictionary<string, Tensor>(), new HashSet<string>(), "", asked);

    /// <summary>Where this cursor stands, dotted; empty at the top.</summary>
    public string Path { get; }

    /// <summary>The tensors at and below this cursor, by their full names.</summary>
    public IReadOnlyDictionary<string, Tensor> All => Path.Length == 0 ? tensors
        : tensors.Where(t => t.Key == Path || t.Key.StartsWith(Path + ".", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Wraps tensors that are there already (random ones, to train from). They belong to the result.</summary>
    public static Weights From(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var byName = new Dictionary<string, Tensor>(tensors, StringComparer.Ordinal);
        var levels = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in byName.Keys)
            for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1)) levels.Add(name[..dot]);
        return new Weights(byName, levels, "");
    }

    /// <summary>The cursor at a name below this one; dots may lead several levels down.</summary>
    public Weights this[string name]
    {
        get
        {
            var at = Below(name);
            return asked is not null || tensors.ContainsKey(at) || levels.Contains(at) ? new Weights(tensors, levels, at, asked) : throw Missing(at);
        }
    }

    /// <summary>The cursor at an element of a list of modules: <c>w["layers"][3]</c>.</summary>
    public Weights this[int index] => this[index.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The tensor of a name below this cursor. In a dry pass there is none: the result is null, and a constructor must keep it without looking at
    /// it.</summary>
    /// <param name="name">As the hub has it: <c>weight</c>, <c>embed_tokens.weight</c>.</param>
    /// <param name="shape">What the configuration says that it is.</param>
    /// <exception cref="VrpException">The configuration asks for a size of 0 or below, or the tensor has another shape.</exception>
    public Tensor Take(string name, params long[] shape)
    {
        var at = Below(name);
        if (asked is not null)
        {
            if (Array.Exists(shape, size => size <= 0))
                throw new CheckpointException("config.json", $"config.json gives tensor '{at}' the shape {Display.Shape(shape)}; expected positive sizes. "
                    + "Correct config.json or download it again.");
            asked.Add(at, shape);
            return null!;
        }
        Tensor tensor = this[name];
        return tensor.shape.AsSpan().SequenceEqual(shape) ? tensor
            : throw new VrpException($"Weights '{at}' have the shape {Display.Shape(tensor.shape)}; expected {Display.Shape(shape)}, as the configuration "
                + "says.");
    }

    /// <summary>A tensor that checkpoints hold and no forward reads.</summary>
    public void Leave(string name, params long[] shape) => Take(name, shape);

    /// <summary>The tensor at this cursor.</summary>
    public static implicit operator Tensor(Weights cursor) =>
        cursor.tensors.TryGetValue(cursor.Path, out var tensor) ? tensor : throw cursor.Missing(cursor.Path);

    /// <summary>Whether there is a tensor, or a level with tensors below it, of that name.</summary>
    public bool Has(string name) => Below(name) is var at && (tensors.ContainsKey(at) || levels.Contains(at));

    /// <summary>Frees every tensor, those above this cursor too.</summary>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    string Below(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    KeyNotFoundException Missing(string name)
    {
        if (levels.Contains(name)) return new($"'{name}' is a level with tensors below it, not a tensor; name one of them.");
        var near = NearNames.Closest(name, tensors.Keys.Concat(levels)) is { } closest ? $"near: '{closest}'" : $"there are {tensors.Count} tensors";
        return new($"There are no weights named '{name}'; {near}.");
    }
}
