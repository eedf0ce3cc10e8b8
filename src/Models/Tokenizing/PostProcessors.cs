using Vrp.Models.Tokenizing.Json;

namespace Vrp.Models.Tokenizing;

/// <summary>A template such as <c>&lt;s&gt; $A</c> for one sequence.</summary>
/// <param name="Parts">In order, the ids of a special token, or null for the sequence.</param>
sealed record TemplatePostProcessor(IReadOnlyList<IReadOnlyList<int>?> Parts)
{
    /// <summary>The template around a sequence.</summary>
    /// <param name="sequence">Tokens in any form.</param>
    /// <param name="special">What to write for a special token's id; null leaves special tokens out.</param>
    public List<T> Process<T>(List<T> sequence, Func<int, T>? special)
    {
        var processed = new List<T>(sequence.Count + Parts.Count);
        foreach (var part in Parts)
            if (part is null) processed.AddRange(sequence);
            else if (special is not null) processed.AddRange(part.Select(special));
        return processed;
    }
}

/// <summary>Reads the <c>post_processor</c> of a tokenizer.json.</summary>
static class PostProcessorReader
{
    /// <returns>The processors that change ids, in order (ByteLevel changes offsets only).</returns>
    public static IReadOnlyList<TemplatePostProcessor> Read(JsonSection section)
    {
        IReadOnlyList<TemplatePostProcessor> processors = section.Text("type") switch
        {
            "Sequence" => [.. section.Objects("processors").SelectMany(Read)],
            "TemplateProcessing" => [Template(section)],
            "ByteLevel" => ByteLevel(section),
            var other => throw section.Unsupported($"the post-processor {other}", "Sequence, TemplateProcessing, ByteLevel"),
        };
        section.End();
        return processors;
    }

    static IReadOnlyList<TemplatePostProcessor> ByteLevel(JsonSection section)
    {
        section.Flag("add_prefix_space");
        section.Flag("trim_offsets");
        section.OptionalFlag("use_regex");
        return [];
    }

    static TemplatePostProcessor Template(JsonSection section)
    {
        var special = new Dictionary<string, IReadOnlyList<int>>();
        foreach (var (name, token) in section.Object("special_tokens").Members())
        {
            token.Text("id");
            special[name] = token.WholeNumbers("ids");
            if (token.Texts("tokens").Count != special[name].Count) throw token.Error("ids and tokens differ in number.");
            token.End();
        }

        Parts(section, "pair", special);   // for two sequences, which are not encoded here; read so that a mistake shows
        return new(Parts(section, "single", special));
    }

    static IReadOnlyList<IReadOnlyList<int>?> Parts(JsonSection section, string key, Dictionary<string, IReadOnlyList<int>> special)
    {
        List<IReadOnlyList<int>?> parts = [];
        foreach (var part in section.Objects(key))
        {
            var (sequence, token) = (part.OptionalObject("Sequence"), part.OptionalObject("SpecialToken"));
            part.End();
            var piece = sequence ?? token ?? throw part.Error("expected Sequence or SpecialToken.");
            if (sequence is not null && token is not null) throw part.Error("expected one of Sequence and SpecialToken, got both.");
            var id = piece.Text("id");
            piece.Whole("type_id");
            piece.End();
            if (sequence is null) parts.Add(special.TryGetValue(id, out var ids) ? ids
                : throw piece.Error($"the special token {id} is not among special_tokens.", "id"));
            else if (id == "A" || id == "B" && key == "pair") parts.Add(null);
            else throw piece.Error($"expected sequence A{(key == "pair" ? " or B" : "")}, got {id}.", "id");
        }

        return parts;
    }
}
