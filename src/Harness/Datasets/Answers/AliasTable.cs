using System.Text;
using System.Text.Json;
using Vrp.Models.Storage;

namespace Vrp.Harness.Datasets.Answers;

/// <summary>Other words for names: "ship" for "boat". A JSON object of name to list of aliases.</summary>
public sealed class AliasTable
{
    static readonly JsonSerializerOptions options = JsonText.Strict(new());

    readonly Dictionary<string, string> names = [];

    AliasTable(IReadOnlyDictionary<string, string?[]?> entries, string source)
    {
        foreach (var (name, words) in entries)
            if (words is null || words.Append(name).Any(w => AnswerText.Plain(w ?? "").Length == 0))
                throw new DatasetException(source, $"\"{name}\" needs a list of words, none of them empty, such as {{\"boat\": [\"ship\"]}}.");
        Entries = [.. entries.Select(e => (AnswerText.Plain(e.Key), (IReadOnlyList<string>)[.. e.Value!.Select(w => AnswerText.Plain(w!))]))
            .OrderBy(e => e.Item1, StringComparer.Ordinal)];
        foreach (var (name, aliases) in Entries)
            foreach (var word in aliases.Append(name))
                if (!names.TryAdd(word, name) && names[word] != name)
                    throw new DatasetException(source, $"\"{word}\" stands for both \"{names[word]}\" and \"{name}\"; expected one. Remove it from one of "
                        + "them.");
    }

    public static AliasTable Empty { get; } = new(new Dictionary<string, string?[]?>(), "");

    /// <summary>Names with their aliases, in lower case without articles, sorted by name.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Aliases)> Entries { get; }

    public static AliasTable Load(string path)
    {
        try
        {
            return Parse(FileDoor.ReadAllText(path), path);
        }
        catch (FileException error) when (error is not JsonTextException)
        {
            throw new DatasetException(path, error.Message, inner: error);
        }
    }

    public static AliasTable Parse(string json, string source)
    {
        try
        {
            return new(JsonText.Parse<Dictionary<string, string?[]?>>(Encoding.UTF8.GetBytes(json), source, options), source);
        }
        catch (JsonTextException error)
        {
            throw new DatasetException(source, $"expected a JSON object of name to list of other words, such as {{\"boat\": [\"ship\"]}}: {error.Problem}",
                inner: error);
        }
    }

    /// <summary>Several tables as one; the same name in two of them has the words of both.</summary>
    /// <exception cref="DatasetException">A word stands for two names.</exception>
    public static AliasTable Join(IEnumerable<AliasTable> tables) => new(tables.SelectMany(table => table.Entries).GroupBy(entry => entry.Name)
        .ToDictionary(same => same.Key, same => (string?[]?)[.. same.SelectMany(entry => entry.Aliases).Distinct()]), "joined aliases");

    /// <summary>The name that a word or phrase stands for, a regular plural included; itself where it is unknown.</summary>
    public string Canonical(string phrase)
    {
        var plain = AnswerText.Plain(phrase);
        if (names.TryGetValue(plain, out var name)) return name;
        return names.FirstOrDefault(n => AnswerText.SameButPlural(n.Key, plain)).Value ?? plain;
    }

    /// <summary>A name and all words that stand for it.</summary>
    public IEnumerable<string> Spellings(string name)
    {
        var canonical = Canonical(name);
        return names.Where(n => n.Value == canonical).Select(n => n.Key).Append(AnswerText.Plain(name)).Append(canonical).Distinct();
    }
}
