using System.Text;
using System.Text.Json;
using Vrp.Models.Tokenizing.Json;

namespace Vrp.Models.Tokenizing.Bpe;

/// <summary>Reads the <c>model</c> of a tokenizer.json, vocabulary and merges straight from the file's bytes.</summary>
static class BpeReader
{
    const int MaxId = 1 << 24;   // ids index arrays; the largest vocabularies in use have 2^18 pieces

    public static BpeModel Read(JsonRange range)
    {
        var members = range.Inner ?? throw range.Error("expected an object.");
        var section = range.SectionWithout(members, "vocab", "merges");

        if (section.OptionalText("type") is { } type and not "BPE") throw section.Unsupported($"the model {type}", "BPE", "type");
        if (!members.TryGetValue("vocab", out var vocab) || !members.TryGetValue("merges", out var merges))
            throw section.Error("expected vocab and merges, which a BPE model has.");
        if (section.OptionalNumber("dropout") is { } dropout and not 0)
            throw section.Unsupported(FormattableString.Invariant($"dropout {dropout}"), "null or 0", "dropout");
        if (section.OptionalText("continuing_subword_prefix") is { Length: > 0 } prefix)
            throw section.Unsupported($"the prefix \"{prefix}\"", "null or \"\"", "continuing_subword_prefix");
        if (section.OptionalText("end_of_word_suffix") is { Length: > 0 } suffix)
            throw section.Unsupported($"the suffix \"{suffix}\"", "null or \"\"", "end_of_word_suffix");
        var unknown = section.OptionalText("unk_token");
        bool Flag(string key) => section.OptionalFlag(key) ?? false;
        var (fuse, fallback, whole) = (Flag("fuse_unk"), Flag("byte_fallback"), Flag("ignore_merges"));
        section.End();

        var vocabulary = ReadVocabulary(vocab);
        var unknownId = unknown is null ? -1 : vocabulary.IdOf(unknown);
        if (unknown is not null && unknownId < 0) throw section.Error($"the unknown token {unknown} is not in the vocabulary.", "unk_token");
        return new(vocabulary, ReadMerges(merges, vocabulary), unknownId, fuse, fallback, whole);
    }

    static Vocabulary ReadVocabulary(JsonRange range)
    {
        var vocabulary = new Vocabulary();
        var reader = new Utf8JsonReader(range.Bytes);
        var buffer = new byte[256];
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw range.Error($"expected an object from piece to id, got {reader.TokenType}.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var piece = Unescaped(ref reader, ref buffer);
            var added = false;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var id) && id is >= 0 and < MaxId) added = vocabulary.TryAdd(piece, id);
            else throw range.Error($"expected the id of \"{Encoding.UTF8.GetString(piece)}\" to be a whole number from 0 to {MaxId - 1}.");
            if (!added) throw range.Error($"the piece \"{Encoding.UTF8.GetString(piece)}\" stands there twice.");
        }

        return vocabulary.IndexIds() is var (one, other) ? throw range.Error($"the pieces \"{one}\" and \"{other}\" have the same id.") : vocabulary;
    }

    /// <summary>Merges as pairs (["a", "b"]) or, in older files, as strings ("a b", where a line "#version…" is a comment).</summary>
    static MergeTable ReadMerges(JsonRange range, Vocabulary vocabulary)
    {
        var merges = new MergeTable();
        var reader = new Utf8JsonReader(range.Bytes);
        var (buffer, second) = (new byte[256], new byte[256]);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw range.Error($"expected a list of merges, got {reader.TokenType}.");
        for (var number = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; number++)
        {
            var at = range with { Place = $"{range.Place}[{number}]" };
            if (reader.TokenType == JsonTokenType.String)
            {
                var merge = Unescaped(ref reader, ref buffer);
                if (merge.StartsWith("#version"u8)) continue;
                var space = merge.IndexOf((byte)' ');
                if (space < 0 || merge[(space + 1)..].Contains((byte)' '))
                    throw at.Error($"expected two pieces with one space between them, got \"{Encoding.UTF8.GetString(merge)}\".");
                Add(merges, vocabulary, merge[..space], merge[(space + 1)..], at);
            }
            else
            {
                if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String)
                    throw at.Error("expected [\"left\", \"right\"] or \"left right\".");
                var left = Unescaped(ref reader, ref buffer);
                if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw at.Error("expected [\"left\", \"right\"], got one piece.");
                var right = Unescaped(ref reader, ref second);
                if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw at.Error("expected [\"left\", \"right\"], got more than two pieces.");
                Add(merges, vocabulary, left, right, at);
            }
        }

        return merges;
    }

    static void Add(MergeTable merges, Vocabulary vocabulary, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, JsonRange at)
    {
        Span<byte> joined = left.Length + right.Length <= 512 ? stackalloc byte[left.Length + right.Length] : new byte[left.Length + right.Length];
        left.CopyTo(joined);
        right.CopyTo(joined[left.Length..]);
        merges.Add(IdOf(left), IdOf(right), IdOf(joined));

        int IdOf(ReadOnlySpan<byte> piece) => vocabulary.IdOf(piece) is >= 0 and var id ? id
            : throw at.Error($"the piece \"{Encoding.UTF8.GetString(piece)}\" is not in the vocabulary.");
    }

    /// <summary>The string under the reader as UTF-8; valid until the buffer is used again.</summary>
    static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader, ref byte[] buffer)
    {
        if (!reader.ValueIsEscaped) return reader.ValueSpan;
        if (buffer.Length < reader.ValueSpan.Length) buffer = new byte[reader.ValueSpan.Length];
        return buffer.AsSpan(0, reader.CopyString(buffer));
    }
}
