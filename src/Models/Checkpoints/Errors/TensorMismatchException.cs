namespace Vrp.Models.Checkpoints;

/// <summary>A checkpoint whose tensors are not those that its config.json implies: all differences at once, each with the nearest name on the other
/// side.</summary>
public sealed class TensorMismatchException : CheckpointException
{
    const int MostShown = 12;

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
        string counts = $"{missing.Count} missing, {unexpected.Count} unexpected, {misshapen.Count} misshapen";
        var lines = new List<string> { $"{path}: the weights do not fit config.json: {counts}." };
        Add("missing", missing, name => Display.Name(name) + Near(name, unexpected));
        Add("unexpected", unexpected, name => Display.Name(name) + Near(name, missing));
        Add("misshapen", misshapen, tensor => $"{Display.Name(tensor.Name)}: expected {Display.Shape(tensor.Expected)}, found {Display.Shape(tensor.Found)}");
        lines.Add(hint);
        return string.Join(Environment.NewLine, lines);

        // Only what is shown is described: looking for near names is quadratic in the number of tensors.
        void Add<T>(string kind, IReadOnlyList<T> items, Func<T, string> describe)
        {
            lines.AddRange(items.Take(MostShown).Select(item => $"  {kind,-10}  {describe(item)}"));
            if (items.Count > MostShown) lines.Add($"  {kind,-10}  … and {items.Count - MostShown} more");
        }
    }

    static string Near(string name, IReadOnlyList<string> others) => NearNames.Closest(name, others) is { } near ? $" (near: {Display.Name(near)})" : "";
}
