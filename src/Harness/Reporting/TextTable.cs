using System.Text.Json.Nodes;

namespace Vrp.Harness.Reporting;

/// <summary>Texts that occur often (questions, answers, names of measures), each once in the page; elsewhere stands its number.</summary>
sealed class TextTable
{
    readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    public int this[string text]
    {
        get
        {
            if (!places.TryGetValue(text, out var place)) places.Add(text, place = places.Count);
            return place;
        }
    }

    public int? Maybe(string? text) => text is null ? null : this[text];

    public JsonArray ToJson() => SafeJson.Of(places.OrderBy(pair => pair.Value).Select(pair => pair.Key));
}
