using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using Vrp.Models.Tokenizing;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>Our merges against those of Microsoft.ML.Tokenizers' <see cref="BpeTokenizer"/>, word by word: what the pipeline hands the model, and long words of
/// it.</summary>
public class BpeTokenizerTests
{
    [Theory, MemberData(nameof(TokenizerFiles.All), MemberType = typeof(TokenizerFiles))]
    public void Encode_WordsOfRandomTexts_EqualBpeTokenizer(string path)
    {
        var file = TokenizerFiles.Read(path);
        var vocabulary = file["model"]!["vocab"]!.AsObject().ToDictionary(piece => piece.Key, piece => piece.Value!.GetValue<int>());
        var oracle = Oracle(file["model"]!, vocabulary);
        var tokenizer = HuggingFaceTokenizer.Load(path);
        var added = TokenizerFiles.AddedTokens(file);
        var settings = new EncodeSettings { ConsiderNormalization = true, ConsiderPreTokenization = true };
        var compared = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            string[] words = [.. tokenizer.Pieces(RandomText.Prompt(seed, added), settings).Where(piece => piece.IsText).Select(piece => piece.Text)];
            foreach (var word in words.Append(string.Concat(words)).Where(word => word.Length > 0))
            {
                List<int> ids = [];
                tokenizer.Model.Encode(word, tokenizer.Model.NewQueue(), ids);
                var expected = oracle.EncodeToIds(WithBytes(word, vocabulary), considerPreTokenization: false, considerNormalization: false);
                ids.Should().Equal(expected, "of the word {0}", word);
                compared++;
            }
        }

        compared.Should().BeGreaterThan(100);
    }

    /// <summary>The library has no byte fallback: the bytes become pieces of one private-use character, with the ids of &lt;0x00&gt; to &lt;0xFF&gt;.</summary>
    static BpeTokenizer Oracle(JsonNode model, Dictionary<string, int> vocabulary) => BpeTokenizer.Create(new BpeOptions(
        vocabulary.Select(piece => KeyValuePair.Create(ByteOf(piece.Key) is { } value ? Byte(value) : piece.Key, piece.Value)))
    {
        Merges = model["merges"]!.AsArray().Select(merge => merge is JsonArray pair ? $"{pair[0]} {pair[1]}" : merge!.GetValue<string>()),
        UnknownToken = model["unk_token"]?.GetValue<string>(),
        FuseUnknownTokens = model["fuse_unk"]?.GetValue<bool>() ?? false,
    });

    static string Byte(byte value) => $"{(char)(0xE000 + value)}";

    static byte? ByteOf(string piece) => piece is ['<', '0', 'x', _, _, '>'] ? Convert.FromHexString(piece.AsSpan(3, 2))[0] : null;

    static string WithBytes(string word, Dictionary<string, int> vocabulary) => string.Concat(word.EnumerateRunes().Select(rune =>
        vocabulary.ContainsKey(rune.ToString()) || !vocabulary.ContainsKey("<0x00>") ? rune.ToString()
            : string.Concat(Encoding.UTF8.GetBytes(rune.ToString()).Select(Byte))));
}
