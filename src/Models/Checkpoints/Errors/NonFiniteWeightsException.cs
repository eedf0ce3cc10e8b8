namespace Vrp.Models.Checkpoints;

/// <summary>Weights that hold NaN or infinities, or would after the conversion asked for.</summary>
public sealed class NonFiniteWeightsException : CheckpointException
{
    const int MostShown = 12;

    internal NonFiniteWeightsException(string path, IReadOnlyList<NonFiniteTensor> tensors, string dtype) : base(path, Describe(path, tensors, dtype)) =>
        Tensors = tensors;

    public IReadOnlyList<NonFiniteTensor> Tensors { get; }

    static string Describe(string path, IReadOnlyList<NonFiniteTensor> tensors, string dtype)
    {
        string[] lines = [.. tensors.Select(t => "  " + Describe(t, dtype))];
        bool stored = tensors.Any(t => t.NonFinite > 0);
        return string.Join(Environment.NewLine,
        [
            $"{path}: {tensors.Count} tensors cannot be used as {dtype}:",
            .. Display.Cut(lines, MostShown),
            stored ? "The file is damaged or training diverged; download it again or use an earlier checkpoint."
                : "Load it with a dtype of wider range (bfloat16 or float32).",
        ]);
    }

    static string Describe(NonFiniteTensor t, string dtype)
    {
        string[] parts = [.. new[] { (t.NonFinite, "NaN or infinite"), (t.Overflowing, $"beyond the range of {dtype}") }.Where(p => p.Item1 > 0)
            .Select(p => $"{p.Item1} values {p.Item2}")];
        return $"{Display.Name(t.Name)}: {string.Join(", ", parts)}, first at {Display.Shape(t.First)}";
    }
}
