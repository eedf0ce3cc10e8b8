using Vrp.Models.Processing.Tokenizers.Json;
using Vrp.Models.Processing.Tokenizers.PreTokenizers;

namespace Vrp.Models.Processing.Tokenizers.Decoders;

/// <summary>Reads the <c>decoder</c> of a tokenizer.json.</summary>
static class DecoderReader
{
    /// <returns>What puts a fresh chain of stages in front of a sink.</returns>
    public static Func<TokenSink, TokenSink> Read(JsonSection section)
    {
        Func<TokenSink, TokenSink> open = section.Text("type") switch
        {
            "Sequence" => Sequence(section),
            "Replace" => Replace(section),
            "ByteFallback" => next => new ByteFallbackStage(next),
            "Fuse" => next => new FuseStage(next),
            "Strip" => Strip(section),
            "Metaspace" => Metaspace(section),
            "ByteLevel" => ByteLevel(section),
            var other => throw section.Unsupported($"the decoder {other}", "Sequence, Replace, ByteFallback, Fuse, Strip, Metaspace, ByteLevel"),
        };
        section.End();
        return open;
    }

    static Func<TokenSink, TokenSink> Sequence(JsonSection section)
    {
        var steps = section.Objects("decoders").Select(Read).ToArray();
        return next => steps.Reverse().Aggregate(next, (sink, step) => step(sink));
    }

    static Func<TokenSink, TokenSink> Replace(JsonSection section)
    {
        var (pattern, content) = (PatternReader.Read(section).Pattern, section.Text("content"));
        return next => new ReplaceStage(pattern, content, next);
    }

    static Func<TokenSink, TokenSink> Strip(JsonSection section)
    {
        var (content, start, stop) = (section.Character("content"), section.Whole("start"), section.Whole("stop"));
        if (content > char.MaxValue) throw section.Unsupported("stripping a character beyond the BMP", "characters up to U+FFFF", "content");
        return next => new StripStage((char)content, start, stop, next);
    }

    static Func<TokenSink, TokenSink> Metaspace(JsonSection section)
    {
        var (mark, scheme) = PreTokenizerReader.MetaspaceSettings(section);
        section.OptionalFlag("split");   // concerns encoding
        return next => new MetaspaceStage(mark, scheme == PrependScheme.Never, next);
    }

    static Func<TokenSink, TokenSink> ByteLevel(JsonSection section)
    {
        section.Flag("add_prefix_space");   // none of the three concerns decoding
        section.Flag("trim_offsets");
        section.OptionalFlag("use_regex");
        return next => new ByteLevelStage(next);
    }
}
