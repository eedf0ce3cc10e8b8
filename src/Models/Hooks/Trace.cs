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

/// <summary>A request to keep the tensor of every hook point that matches. Text form <c>PATTERN[@last]</c>, as in <c>blocks.*.resid_post@last</c>.
/// <c>blocks.*.attn.pattern@last</c> computes the last query's row alone: no T×T map is held and fused attention stays on.</summary>
/// <param name="Pattern">A point's name, with <c>*</c> for any run of characters.</param>
/// <param name="Positions">Where two requests meet at one point, all positions are kept.</param>
public sealed record Capture(string Pattern, Positions Positions = Positions.All)
{
    /// <summary>Reads the text form.</summary>
    public static Capture Parse(string text)
    {
        var last = text.EndsWith("@last", StringComparison.Ordinal);
        var pattern = last ? text[..^"@last".Length] : text;
        return pattern.Length > 0 && !pattern.Contains('@') ? new Capture(pattern, last ? Positions.Last : Positions.All)
            : throw new HookException($"'{text}' is not a capture; expected PATTERN or PATTERN@last, as in blocks.*.mlp.out@last.");
    }

    public override string ToString() => Positions == Positions.Last ? $"{Pattern}@last" : Pattern;
}

/// <summary>Which positions of the sequence a capture or an intervention is about.</summary>
public enum Positions
{
    All,

    /// <summary>The last one: where the next token is decided, in a prompt padded on the left.</summary>
    Last,
}
