using Vrp.Models.Processing.Tokenizers.Json;

namespace Vrp.Models.Processing.Tokenizers.PreTokenizers;

/// <summary>Reads the <c>pre_tokenizer</c> of a tokenizer.json.</summary>
static class PreTokenizerReader
{
    public static PreTokenizer Read(JsonSection section)
    {
        PreTokenizer preTokenizer = section.Text("type") switch
        {
            "Sequence" => new SequencePreTokenizer([.. section.Objects("pretokenizers").Select(Read)]),
            "Split" => new SplitPreTokenizer(PatternReader.Read(section).Pattern, Behavior(section), section.Flag("invert")),
            "ByteLevel" => ByteLevel(section),
            "Metaspace" => Metaspace(section),
            var other => throw section.Unsupported($"the pre-tokenizer {other}", "Sequence, Split, ByteLevel, Metaspace"),
        };
        section.End();
        return preTokenizer;
    }

    static SplitBehavior Behavior(JsonSection section) => section.Text("behavior") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw section.Unsupported($"\"{other}\"", string.Join(", ", Enum.GetNames<SplitBehavior>()), "behavior"),
    };

    static ByteLevelPreTokenizer ByteLevel(JsonSection section)
    {
        section.Flag("trim_offsets");   // concerns offsets, which are not reported here
        return new(section.Flag("add_prefix_space"), section.OptionalFlag("use_regex") ?? true);
    }

    static MetaspacePreTokenizer Metaspace(JsonSection section)
    {
        var (mark, scheme) = MetaspaceSettings(section);
        return new(mark, scheme, section.OptionalFlag("split") ?? true);
    }

    /// <summary>The settings that the pre-tokenizer and the decoder of this name share, with the older files' add_prefix_space.</summary>
    public static (string Mark, PrependScheme Scheme) MetaspaceSettings(JsonSection section)
    {
        var scheme = section.OptionalText("prepend_scheme") switch
        {
            "always" or null => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw section.Unsupported($"\"{other}\"", "always, first, never", "prepend_scheme"),
        };
        if (section.OptionalFlag("add_prefix_space") == false && scheme != PrependScheme.Never)
            throw section.Error("add_prefix_space is false, which contradicts prepend_scheme (\"always\" where it is not given); the reference refuses this too.", "add_prefix_space");
        section.OptionalText("str_rep");   // older files repeat the replacement under this name
        return (char.ConvertFromUtf32(section.Character("replacement")), scheme);
    }
}
