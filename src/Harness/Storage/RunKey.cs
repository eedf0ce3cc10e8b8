using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Harness.Storage;

/// <summary>Everything that results depend on, as named facts. Two runs may share results if and only if all facts are equal.</summary>
public sealed class RunKey
{
    readonly SortedDictionary<string, string> facts;

    /// <param name="stage">trace or intervene.</param>
    /// <param name="facts">Names and values, as text that is equal when the facts are.</param>
    public RunKey(string stage, IEnumerable<KeyValuePair<string, string>> facts)
    {
        Stage = stage;
        this.facts = new SortedDictionary<string, string>(facts.ToDictionary(f => f.Key, f => f.Value), StringComparer.Ordinal);
        Hash = Sha256Hex.Of(stage + "\n" + JsonSerializer.Serialize(this.facts));
    }

    public string Stage { get; }

    /// <summary>By name, in order.</summary>
    public IReadOnlyDictionary<string, string> Facts => facts;

    /// <summary>SHA-256 over stage and facts, 64 hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Name of the folder that results under this key lie in.</summary>
    public string FolderName => Hash[..16];

    /// <summary>The facts in which two keys differ, for messages.</summary>
    public string Differences(RunKey other) => string.Join("; ", facts.Keys.Union(other.facts.Keys).Order(StringComparer.Ordinal)
        .Where(name => facts.GetValueOrDefault(name) != other.facts.GetValueOrDefault(name))
        .Select(name => $"{name}: {facts.GetValueOrDefault(name) ?? "none"} and {other.facts.GetValueOrDefault(name) ?? "none"}"));
}
