using static TorchSharp.torch;

namespace Vrp.Models.Checkpoints;

/// <summary>A cursor over named tensors: <c>w["self_attn"]</c> goes one level down, <c>w["q_proj.weight"]</c> converts to the tensor. The tensors belong to
/// this object (to no dispose scope) and are shared by all cursors over it. A name that leads nowhere is an error at once: after
/// <see cref="Checkpoint.LoadWeights"/> it is a defect of the model's code.</summary>
public sealed class Weights : IDisposable
{
    readonly IReadOnlyDictionary<string, Tensor> tensors;
    readonly IReadOnlySet<string> levels;

    Weights(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlySet<string> levels, string path) =>
        (this.tensors, this.levels, Path) = (tensors, levels, path);

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
        foreach (string name in byName.Keys)
            for (int dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1)) levels.Add(name[..dot]);
        return new Weights(byName, levels, "");
    }

    /// <summary>The cursor at a name below this one; dots may lead several levels down.</summary>
    public Weights this[string name]
    {
        get
        {
            string at = Below(name);
            return tensors.ContainsKey(at) || levels.Contains(at) ? new Weights(tensors, levels, at) : throw Missing(at);
        }
    }

    /// <summary>The cursor at an element of a list of modules: <c>w["layers"][3]</c>.</summary>
    public Weights this[int index] => this[index.ToString(System.Globalization.CultureInfo.InvariantCulture)];

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
        string near = NearNames.Closest(name, tensors.Keys.Concat(levels)) is { } closest ? $"near: '{closest}'" : $"there are {tensors.Count} tensors";
        return new($"There are no weights named '{name}'; {near}.");
    }
}
