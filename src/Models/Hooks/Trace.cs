using System.Collections;
using System.IO.Enumeration;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Hooks;

/// <summary>What one forward captured, by hook point, in the order of the forward. After the interventions of that forward; float32 on the CPU unless it was
/// asked to stay. The tensors belong to the caller's dispose scope; <see cref="Dispose"/> frees them earlier.</summary>
public sealed class Trace : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    readonly List<(string Name, Tensor Tensor)> ordered;
    readonly Dictionary<string, Tensor> byName;

    internal Trace(List<(string Name, Tensor Tensor)> ordered) =>
        (this.ordered, byName) = (ordered, ordered.ToDictionary(item => item.Name, item => item.Tensor, StringComparer.Ordinal));

    /// <summary>Nothing captured.</summary>
    public static Trace Empty => new([]);

    /// <summary>One point's tensor.</summary>
    /// <exception cref="HookException">It was not captured.</exception>
    public Tensor this[string name] => byName.TryGetValue(name, out var tensor) ? tensor
        : throw new HookException($"'{name}' is not in the trace, which has "
            + $"{(Count == 0 ? "nothing" : string.Join(", ", ordered.Take(8).Select(item => item.Name)))}{(Count > 8 ? "…" : "")}. "
            + "Ask for it in the forward's captures.");

    /// <summary>The tensors of every point that matches, of one shape, along a new first dimension, in the order of the blocks: [L, …].</summary>
    public Tensor Stack(string pattern)
    {
        var matches = ordered.FindAll(item => FileSystemName.MatchesSimpleExpression(pattern, item.Name, ignoreCase: false));
        return matches.Count > 0 ? stack(matches.ConvertAll(item => item.Tensor), 0)
            : throw new HookException($"Nothing in the trace matches '{pattern}'. Ask for it in the forward's captures.");
    }

    public IEnumerable<string> Keys => ordered.Select(item => item.Name);
    public IEnumerable<Tensor> Values => ordered.Select(item => item.Tensor);
    public int Count => ordered.Count;
    public bool ContainsKey(string name) => byName.ContainsKey(name);
    public bool TryGetValue(string name, out Tensor tensor) => byName.TryGetValue(name, out tensor!);
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => ordered.Select(item => KeyValuePair.Create(item.Name, item.Tensor)).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var (_, tensor) in ordered) tensor.Dispose();
    }
}
