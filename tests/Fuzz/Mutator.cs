using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vrp.Fuzz;

/// <summary>Damages files as disks, hands and enemies do: bits, ends, and for JSON the values themselves. The same random numbers give the same
/// damage.</summary>
static partial class Mutator
{
    /// <summary>JSON texts that no reader expects somewhere.</summary>
    public static readonly string[] BadValues =
    [
        "null", "true", "0", "-1", "1", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "1e308", "-1e999", "0.5", "1e-320",
        "\"\"", "\"x\"", "\"\\u0000\"", "\"\\ud800\"", "\"../../x\"", "\"/etc/passwd\"", "\"a\\nb\"", "\"\\u001b[2J::error::x\"",
        "[]", "[null]", "{}", "{\"\\udc00\":1}", "[[[[[[1]]]]]]",
    ];

    /// <summary>What stands in the place of words and numbers of texts that are no JSON.</summary>
    static readonly string[] badWords =
    [
        "", " ", "-1", "0", "1", "99999999999999999999", "1e999", "-1e999", "NaN", "null", "\0", "\"", "'", "<", ">", "&#xD800;", "&x;", "\t", "\n", ",", "..",
        "../../x", "/etc/passwd", "\u001b[2J", new string('9', 400), new string('x', 5000), "\ufeff", "A1", "ZZZZZZZ1",
    ];

    /// <summary>Parts of regular expressions, among them those that never end when they are put within each other.</summary>
    static readonly string[] badParts =
    [
        "(", ")", "(?:", "(?=", "(?!", "(?i:", "|", "*", "+", "?", "{2}", "{1,}", "{2147483647}", "[^", "]", "\\", "\\p{L}", "\\s", "(a|a)", "(a+)", "a*",
        "\\p{L}*",
        "(?:a|aa)", "(?<x>a)", "\\1", "^", "$", ".", "(?>", "[a-z&&[b]]", "\\u0000", "(a|a){28}", "(?:\\p{L}+)+", new string('(', 101), new string('a', 10_001),
    ];

    /// <summary>A regular expression with a part put in, doubled or taken out, some times.</summary>
    static byte[] PatternDamage(byte[] file, Random random)
    {
        var text = random.Next(2) == 0 ? "" : Encoding.UTF8.GetString(file);
        for (var times = 1 + random.Next(12); times > 0; times--)
        {
            var at = random.Next(text.Length + 1);
            text = random.Next(4) == 0 && at < text.Length ? text.Remove(at, 1) : text.Insert(at, badParts[random.Next(badParts.Length)]);
        }
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Some damage to one file.</summary>
    public static byte[] Damage(byte[] file, Reader reader, Random random)
    {
        if (reader.IsJson && random.Next(3) > 0 && JsonDamage(file, random) is { } damaged) return damaged;
        if (!reader.IsJson && random.Next(2) == 0 && HeaderDamage(file, random) is { } header) return header;
        if (reader.Damaged == "pattern.txt" && random.Next(4) > 0) return PatternDamage(file, random);
        if (!reader.IsJson && reader.IsText && random.Next(3) > 0 && WordDamage(file, random) is { } words) return words;
        var bytes = file.ToList();
        for (var times = 1 + random.Next(3); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(9))
            {
                case 0 when bytes.Count > 0: bytes[Math.Min(at, bytes.Count - 1)] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(at, bytes.Count - at); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(64), bytes.Count - at)); break;
                case 3: bytes.Insert(at, 0); break;
                case 4: bytes.InsertRange(0, [0xEF, 0xBB, 0xBF]); break;
                case 5: bytes.InsertRange(at, Encoding.UTF8.GetBytes(BadValues[random.Next(BadValues.Length)])); break;
                case 6: bytes.InsertRange(at, Enumerable.Repeat((byte)(random.Next(2) == 0 ? '[' : '{'), random.Next(2) == 0 ? 70 : 20_000)); break;
                case 7: bytes.InsertRange(at, [0xED, 0xA0, 0x80, 0xFF]); break;
                default: bytes = [.. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString([.. bytes]).Replace("\n", "\r\n\r\n"))]; break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Every place of a JSON text, as the damage that puts each bad value there.</summary>
    public static IEnumerable<byte[]> Sweep(byte[] json)
    {
        foreach (var one in SweepOf(Encoding.UTF8.GetString(json))) yield return one;

        static IEnumerable<byte[]> SweepOf(string text)
        {
            var places = Places(Parsed(text)).Count();
            for (var place = 0; place < places; place++)
                foreach (var bad in BadValues) yield return Encoding.UTF8.GetBytes(Replaced(text, place, bad));
        }
    }

    static byte[]? JsonDamage(byte[] file, Random random)
    {
        // A JSON-lines file is damaged in one of its lines.
        var lines = Encoding.UTF8.GetString(file).Split('\n');
        var whole = IsJson(string.Join('\n', lines));
        var line = random.Next(lines.Length);
        var text = whole ? string.Join('\n', lines) : lines[line];
        if (!IsJson(text)) return null;
        var places = Places(Parsed(text)).Count();
        if (places == 0) return null;
        var bad = random.Next(8) switch
        {
            0 => new string('[', 200) + new string(']', 200),
            1 => $"\"{new string('x', 5000)}\"",
            2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => BadValues[random.Next(BadValues.Length)],
        };
        var damaged = random.Next(6) switch
        {
            0 => Doubled(text, random),
            1 => Without(text, random.Next(places)),
            _ => Replaced(text, random.Next(places), bad),
        };
        if (whole) return Encoding.UTF8.GetBytes(damaged);
        lines[line] = damaged;
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    /// <summary>Another text in the place of a word or a number, once or twice.</summary>
    static byte[]? WordDamage(byte[] file, Random random)
    {
        var text = Encoding.UTF8.GetString(file);
        for (var times = 1 + random.Next(2); times > 0; times--)
        {
            var words = Word().Matches(text);
            if (words.Count == 0) return null;
            var word = words[random.Next(words.Count)];
            text = text[..word.Index] + badWords[random.Next(badWords.Length)] + text[(word.Index + word.Length)..];
        }
        return Encoding.UTF8.GetBytes(text);
    }

    [GeneratedRegex("[A-Za-z0-9_.]+")]
    private static partial Regex Word();

    /// <summary>A safetensors file with other JSON in its header, whose length is right.</summary>
    static byte[]? HeaderDamage(byte[] file, Random random)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadInt64LittleEndian(file) is var length && (length < 2 || length > file.Length - 8)) return null;
        if (JsonDamage(file[8..(8 + (int)length)], random) is not { } header) return null;
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. file[(8 + (int)length)..]];
    }

    /// <summary>vrp.json may have comments, which the damaged text lacks.</summary>
    static JsonNode? Parsed(string text) =>
        JsonNode.Parse(text, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

    static bool IsJson(string text)
    {
        try
        {
            return Parsed(text) is not null && Places(Parsed(text)).Any();
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node) => node switch
    {
        JsonObject owner => owner.ToArray().SelectMany(pair => Places(pair.Value).Prepend((owner, pair.Key))),
        JsonArray list => Enumerable.Range(0, list.Count).SelectMany(i => Places(list[i]).Prepend((list, i))),
        _ => [],
    };

    /// <summary>The value goes in as text, since JSON nodes hold no lone surrogate and no number beyond their types.</summary>
    static string Replaced(string text, int place, string value)
    {
        const string mark = "\"@@here@@\"";
        var root = Parsed(text)!;
        Put(Places(root).ElementAt(place), JsonValue.Create("@@here@@"));
        return root.ToJsonString().Replace(mark, value, StringComparison.Ordinal);
    }

    static string Without(string text, int place)
    {
        var root = Parsed(text)!;
        var (parent, key) = Places(root).ElementAt(place);
        if (parent is JsonObject owner) owner.Remove((string)key);
        else parent.AsArray().RemoveAt((int)key);
        return root.ToJsonString();
    }

    static string Doubled(string text, Random random)
    {
        var at = text.IndexOf('{', random.Next(text.Length));
        int key = at < 0 ? -1 : text.IndexOf('"', at), end = key < 0 ? -1 : text.IndexOf('"', key + 1);
        return end < 0 ? text + text : text.Insert(at + 1, $"{text[key..(end + 1)]}:1,");
    }

    static void Put((JsonNode Parent, object Key) place, JsonNode? value)
    {
        if (place.Parent is JsonObject owner) owner[(string)place.Key] = value;
        else place.Parent.AsArray()[(int)place.Key] = value;
    }
}
