using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Vrp.Models.Tests.Checkpoints;
using Vrp.Models.Tokenizing;
using Reference = global::Tokenizers.DotNet.Tokenizer;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>Random texts and ids through tokenizers 0.22.2 itself (Rust, by Tokenizers.DotNet) and through ours. The texts are those of the seeds from 0 on;
/// <c>VRP_ORACLE_TEXTS</c> is how many for each tokenizer.</summary>
public class ReferenceTests
{
    static readonly int texts = int.Parse(Environment.GetEnvironmentVariable("VRP_ORACLE_TEXTS") ?? "150", CultureInfo.InvariantCulture);

    static void SkipWhereItHasNoLibrary() =>
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Tokenizers.DotNet is packaged for linux-x64 alone.");

    /// <summary>The reference always adds special tokens and leaves them out of decoded text; without template and special tokens it does neither.</summary>
    static JsonNode Plain(JsonNode file)
    {
        var plain = file.DeepClone();
        plain["post_processor"] = null;
        foreach (var token in plain["added_tokens"]!.AsArray()) token!["special"] = false;
        return plain;
    }

    static Reference Open(JsonNode file, TemporaryFolder folder) => new(folder.Write($"{Guid.NewGuid()}.json", file.ToJsonString()));

    static int[] Ids(uint[] ids) => [.. ids.Select(id => (int)id)];

    static uint[] Ids(int[] ids) => [.. ids.Select(id => (uint)id)];

    [Theory, MemberData(nameof(TokenizerFiles.All), MemberType = typeof(TokenizerFiles))]
    public void EncodeAndDecode_RandomTextsAndIds_EqualTheReference(string path)
    {
        SkipWhereItHasNoLibrary();
        using var folder = new TemporaryFolder();
        var file = TokenizerFiles.Read(path);
        using Reference reference = Open(file, folder), plain = Open(Plain(file), folder);
        var tokenizer = HuggingFaceTokenizer.Load(path);
        var added = TokenizerFiles.AddedTokens(file);
        for (var seed = 0; seed < texts; seed++)
        {
            var text = RandomText.Prompt(seed, added);
            var ids = tokenizer.Encode(text);
            ids.Should().Equal(Ids(reference.Encode(text)), "of the text of seed {0}", seed);
            tokenizer.Encode(text, addSpecialTokens: false).Should().Equal(Ids(plain.Encode(text)), "without special tokens, of the text of seed {0}", seed);
            var random = new Random(seed);
            int[] any = [.. Enumerable.Range(0, 20).Select(_ => random.Next(tokenizer.VocabularySize + 2))];
            foreach (var some in new[] { ids, any })
            {
                tokenizer.Decode(some).Should().Be(plain.Decode(Ids(some)), "of the ids of seed {0}", seed);
                tokenizer.Decode(some, skipSpecialTokens: true).Should()
                    .Be(reference.Decode(Ids(some)), "without special tokens, of the ids of seed {0}", seed);
            }
        }
    }

    [Theory]
    [InlineData(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    [InlineData(@"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    [InlineData(@"[一-龥぀-ゟ゠-ヿ]+|\p{Lo}|[\p{P}\p{S}]+|\s")]
    [InlineData(@"[^\u1100-\u11FF\u0300-\u036F]+|[\d-]+|[-a-f]|\p{So}\p{M}?")]
    [InlineData(@"\d+|\D\p{Cf}*")]
    [InlineData(@"\p{C}|\p{Z}+|\P{M}\p{M}+|[\p{Sm}\-\]a-f]{2,}")]
    [InlineData(@"(?=\p{Lu})\p{L}{2}|(?!\S)[^ ]|(?:e|é)(?:\u0301)?|\S\S")]
    [InlineData(@"(?i:k|s|i|fa|sk|tt)")]
    public void Encode_SplitPatterns_CutAsOnigurumaCuts(string pattern)
    {
        SkipWhereItHasNoLibrary();
        using var folder = new TemporaryFolder();
        var file = TokenizerFiles.Read(TokenizerFiles.Goldens.First(TokenizerFiles.IsByteLevel));
        file["normalizer"] = null;
        file["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"] = new JsonObject { ["Regex"] = pattern };
        using var reference = Open(file, folder);
        var tokenizer = HuggingFaceTokenizer.FromJson(file.ToJsonString());
        for (var seed = 0; seed < texts; seed++)
        {
            var text = RandomText.Prompt(seed, []);
            tokenizer.Encode(text).Should().Equal(Ids(reference.Encode(text)), "of the text of seed {0}", seed);
        }
    }
}
