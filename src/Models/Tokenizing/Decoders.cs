using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Vrp.Models.Tokenizing.Json;
using Vrp.Models.Tokenizing.Patterns;

namespace Vrp.Models.Tokenizing;

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
        var (pattern, content) = (TextPattern.Read(section).Pattern, section.Text("content"));
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

/// <summary>Replaces every match of a pattern within each token.</summary>
sealed class ReplaceStage(TextPattern pattern, string content, TokenSink next) : WholeTokenStage(next)
{
    protected override void Token(string token) => Emit(pattern.Replace(token, content));
}

/// <summary>Reads runs of tokens such as <c>&lt;0x61&gt;</c> as UTF-8. A run that is not valid as a whole becomes one U+FFFD per byte, so nothing of a run is
/// final before it ends.</summary>
sealed class ByteFallbackStage(TokenSink next) : WholeTokenStage(next)
{
    readonly List<byte> run = [];

    public override bool HoldsText => run.Count > 0 || base.HoldsText;

    protected override void Token(string token)
    {
        if (token is ['<', '0', 'x', _, _, '>']
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            run.Add(value);
            return;
        }

        EndRun();
        Emit(token);
    }

    public override void End()
    {
        EndRun();
        base.End();
    }

    void EndRun()
    {
        if (run.Count == 0) return;
        var bytes = run.ToArray();
        run.Clear();
        if (Utf8.IsValid(bytes)) Emit(Encoding.UTF8.GetString(bytes));
        else foreach (var _ in bytes) Emit("\uFFFD");
    }
}

/// <summary>Makes one token of all.</summary>
sealed class FuseStage(TokenSink next) : TokenStage(next)
{
    public override void EndToken() { }

    public override void End()
    {
        Next.EndToken();
        base.End();
    }
}

/// <summary>Cuts up to <paramref name="start"/> characters <paramref name="content"/> from the beginning of each token and up to <paramref name="stop"/>
/// from its end.</summary>
sealed class StripStage(char content, int start, int stop, TokenSink next) : TokenStage(next)
{
    int taken;   // characters cut from the beginning of this token; start when no more may be
    int held;    // characters that are cut if nothing else follows

    public override bool HoldsText => held > 0 || base.HoldsText;

    public override void Text(ReadOnlySpan<char> fragment)
    {
        while (taken < start && fragment.Length > 0)
        {
            if (fragment[0] == content)
            {
                fragment = fragment[1..];
                taken++;
            }
            else
            {
                taken = start;
            }
        }

        if (fragment.IsEmpty) return;
        var kept = fragment.TrimEnd(content);
        var tail = fragment.Length - kept.Length;
        if (!kept.IsEmpty)
        {
            Repeat(held);
            Next.Text(kept);
            held = 0;
        }

        held += tail;
        Repeat(held - stop);
        held = Math.Min(held, stop);
    }

    public override void EndToken()
    {
        (taken, held) = (0, 0);
        base.EndToken();
    }

    void Repeat(int count)
    {
        for (; count > 0; count--) Next.Text([content]);
    }
}

/// <summary>Turns marks (▁) back into spaces; those of the first token vanish unless <paramref name="neverPrepends"/>.</summary>
sealed class MetaspaceStage(string mark, bool neverPrepends, TokenSink next) : WholeTokenStage(next)
{
    bool isFirst = true;

    protected override void Token(string token)
    {
        Emit(token.Replace(mark, isFirst && !neverPrepends ? "" : " ", StringComparison.Ordinal));
        isFirst = false;
    }
}

/// <summary>Reads tokens in the byte-level alphabet as bytes and those bytes as UTF-8, an ill-formed sequence as U+FFFD. A token with a character outside the
/// alphabet (an added token) stands for itself.</summary>
sealed class ByteLevelStage(TokenSink next) : WholeTokenStage(next)
{
    readonly Decoder utf8 = Encoding.UTF8.GetDecoder();   // keeps the bytes of an unfinished character

    public override bool HoldsText => utf8.GetCharCount([], flush: true) > 0 || base.HoldsText;

    protected override void Token(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (ByteAlphabet.ByteOf(token[i]) is >= 0 and var value)
            {
                bytes[i] = (byte)value;
                continue;
            }

            bytes = Encoding.UTF8.GetBytes(token);
            break;
        }

        Decode(bytes, flush: false);
    }

    public override void End()
    {
        Decode([], flush: true);
        Next.EndToken();
        base.End();
    }

    void Decode(byte[] bytes, bool flush)
    {
        var text = new char[utf8.GetCharCount(bytes, flush)];
        utf8.GetChars(bytes, text, flush);
        Next.Text(text);
    }
}

/// <summary>What the reference does without a decoder: tokens with a space between them.</summary>
sealed class SpaceStage(TokenSink next) : TokenStage(next)
{
    bool isLater;

    public override void Text(ReadOnlySpan<char> fragment)
    {
        if (isLater) Next.Text(" ");
        isLater = true;
        base.Text(fragment);
    }
}
