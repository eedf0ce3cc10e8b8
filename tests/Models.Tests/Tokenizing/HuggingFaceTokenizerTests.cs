using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;
using Vrp.Models.Tokenizing;
using Vrp.Models.Tokenizing.Unicode;
using static Vrp.Models.Tests.Tokenizing.TinyTokenizer;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>The tokenizer as a <see cref="Tokenizer"/> of Microsoft.ML.Tokenizers.</summary>
public class HuggingFaceTokenizerTests
{
    static IEnumerable<string> Texts(string path, int count)
    {
        var added = TokenizerFiles.AddedTokens(TokenizerFiles.Read(path));
        return Enumerable.Range(0, count).Select(seed => RandomText.Prompt(seed, added)).Prepend("");
    }

    [Theory, MemberData(nameof(TokenizerFiles.All), MemberType = typeof(TokenizerFiles))]
    public void EveryWayToEncode_RandomTexts_GivesTheIdsOfEncode(string path)
    {
        var own = HuggingFaceTokenizer.Load(path);
        Tokenizer tokenizer = own;
        foreach (var text in Texts(path, 60))
        {
            var ids = own.Encode(text);
            tokenizer.EncodeToIds(text).Should().Equal(ids);
            tokenizer.EncodeToIds(text.AsSpan()).Should().Equal(ids);
            tokenizer.CountTokens(text).Should().Be(ids.Length);
            var tokens = tokenizer.EncodeToTokens(text, out _);
            tokens.Select(token => token.Id).Should().Equal(ids);
            tokens.Select(token => token.Value).Should().Equal(ids.Select(own.IdToToken));
            tokenizer.Decode(ids.AsEnumerable()).Should().Be(own.Decode(ids));
        }
    }

    [Theory, MemberData(nameof(TokenizerFiles.All), MemberType = typeof(TokenizerFiles))]
    public void EncodeToTokens_Offsets_CoverTheTextInOrderAndShowWhatEachTokenSpells(string path)
    {
        Tokenizer tokenizer = HuggingFaceTokenizer.Load(path);
        var file = TokenizerFiles.Read(path);
        var (added, isByteLevel) = (TokenizerFiles.AddedTokens(file), TokenizerFiles.IsByteLevel(path));
        foreach (var text in Texts(path, 60))
        {
            var tokens = tokenizer.EncodeToTokens(text, out var normalizedText);
            normalizedText.Should().Be(file["normalizer"] is null ? null : normalizedText);
            var where = normalizedText ?? text;
            var covered = 0;
            foreach (var token in tokens)
            {
                var (start, end) = (token.Offset.Start.Value, token.Offset.End.Value);
                start.Should().BeLessThanOrEqualTo(covered, "no character is left out");
                end.Should().BeGreaterThanOrEqualTo(covered, "tokens come in order");
                covered = end;
                var spelled = where[start..end];
                if (start == end || added.Contains(token.Value) || token.Value.StartsWith("<0x", StringComparison.Ordinal)) continue;
                if (isByteLevel) string.Concat(Encoding.UTF8.GetBytes(spelled).Select(ByteAlphabet.CharacterOf)).Should().Contain(token.Value);
                else if (spelled.Replace(' ', '▁') != token.Value)
                    $"▁{spelled}".Should().Be(token.Value, "a mark that the pre-tokenizer prepends stands for nothing");
            }

            covered.Should().Be(where.Length);
        }
    }

    [Theory, MemberData(nameof(TokenizerFiles.All), MemberType = typeof(TokenizerFiles))]
    public void Limits_AnyNumberOfTokens_KeepWholeCharactersFromEitherEnd(string path)
    {
        Tokenizer tokenizer = HuggingFaceTokenizer.Load(path);
        foreach (var text in Texts(path, 10))
        {
            var tokens = tokenizer.EncodeToTokens(text, out var normalizedText);
            int[] ids = [.. tokens.Select(token => token.Id)];
            var length = (normalizedText ?? text).Length;
            for (var limit = 1; limit <= ids.Length + 1; limit++)
            {
                var kept = tokenizer.EncodeToIds(text, limit, out _, out var consumed);
                kept.Count.Should().BeLessThanOrEqualTo(limit);
                kept.Should().Equal(ids.Take(kept.Count));
                tokenizer.GetIndexByTokenCount(text, limit, out _, out var count).Should().Be(consumed);
                count.Should().Be(kept.Count);
                tokens.Take(count).All(token => token.Offset.End.Value <= consumed).Should().BeTrue();
                tokens.Skip(count).All(token => token.Offset.Start.Value >= consumed).Should().BeTrue();
                if (limit >= ids.Length) (count, consumed).Should().Be((ids.Length, length));

                var first = tokenizer.GetIndexByTokenCountFromEnd(text, limit, out _, out count);
                count.Should().BeLessThanOrEqualTo(limit);
                tokens.TakeLast(count).All(token => token.Offset.Start.Value >= first).Should().BeTrue();
                tokens.SkipLast(count).All(token => token.Offset.End.Value <= first).Should().BeTrue();
                if (limit >= ids.Length) (count, first).Should().Be((ids.Length, 0));
            }
        }
    }

    [Theory, MemberData(nameof(TokenizerFiles.All), MemberType = typeof(TokenizerFiles))]
    public void Decode_IntoASpanOfAnySize_WritesTheTextOfTheIdsConsumed(string path)
    {
        var tokenizer = HuggingFaceTokenizer.Load(path);
        foreach (var text in Texts(path, 15))
        {
            var ids = tokenizer.Encode(text);
            var whole = tokenizer.Decode(ids);
            for (var size = 0; size <= whole.Length + 1; size++)
            {
                var destination = new char[size];
                var status = tokenizer.Decode(ids, destination, out var idsConsumed, out var charsWritten);
                status.Should().Be(size >= whole.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall);
                new string(destination, 0, charsWritten).Should().Be(tokenizer.Decode(ids.AsSpan(0, idsConsumed)));
                if (status == OperationStatus.Done) idsConsumed.Should().Be(ids.Length);
            }
        }
    }

    [Fact]
    public void Decode_BytesOfOneCharacter_AreConsumedTogether()
    {
        var tokenizer = Json(Model.Replace("\"vocab\": {", "\"vocab\": {\"<0xC3>\": 12, \"<0xA9>\": 13, "), decoder: """{"type": "ByteFallback"}""").Read();
        Span<char> one = stackalloc char[1];
        tokenizer.Decode([1, 12, 13, 2], one, out var ids, out var chars).Should().Be(OperationStatus.DestinationTooSmall);
        (ids, chars, one[0]).Should().Be((1, 1, 'a'));
    }

    [Fact]
    public void EncodeToTokens_NormalizerTemplateAndAddedToken_GiveOffsetsOfTheNormalizedText()
    {
        const string prepend = """
            {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
            """;
        const string template = """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "S", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "S", "type_id": 0}}],
             "pair": [], "special_tokens": {"S": {"id": "S", "ids": [5], "tokens": ["e"]}}}
            """;
        Tokenizer tokenizer = Json(added: $"[{Added("<x>", left: true)}]", normalizer: prepend, postProcessor: template).Read();

        var tokens = tokenizer.EncodeToTokens("ab  <x>d", out var normalizedText);

        normalizedText.Should().Be("▁ab  <x>▁d");
        tokens.Select(token => (token.Value, token.Offset)).Should()
            .Equal(("e", 0..0), ("▁", 0..1), ("ab", 1..3), ("<x>", 3..8), ("▁", 8..9), ("d", 9..10), ("e", 10..10));
        tokenizer.EncodeToIds("ab", considerNormalization: false).Should().Equal([5, 9, 5], "the text counts as normalized");
        tokenizer.EncodeToTokens("ab", out normalizedText, considerNormalization: false).Should().HaveCount(3);
        normalizedText.Should().BeNull();
    }

    [Fact]
    public void EncodeToTokens_BytesOfACharacter_EachCoverIt()
    {
        Tokenizer tokenizer = Json(Model.Replace("\"vocab\": {", "\"vocab\": {\"Ã\": 12, \"©\": 13, "),
            preTokenizer: """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}""").Read();

        tokenizer.EncodeToTokens("aéb", out _).Select(token => (token.Value, token.Offset)).Should().Equal(("a", 0..1), ("Ã", 1..2), ("©", 1..2), ("b", 2..3));
        tokenizer.EncodeToIds("aéb", 2, out _, out var consumed).Should().Equal([1], "half of é is not kept");
        consumed.Should().Be(1);
    }

    [Fact]
    public void EncodeToIds_WithoutPreTokenization_MergesAcrossTheCuts()
    {
        Tokenizer tokenizer = Json(preTokenizer: """{"type": "Split", "pattern": {"String": "b"}, "behavior": "Isolated", "invert": false}""").Read();

        tokenizer.EncodeToIds("abc").Should().Equal(1, 2, 3);
        tokenizer.EncodeToIds("abc", considerPreTokenization: false).Should().Equal(10);
    }

    [Fact]
    public void EncodeToIds_NoTokensAllowed_IsRefused()
    {
        Tokenizer tokenizer = Json().Read();
        FluentActions.Invoking(() => tokenizer.EncodeToIds("a", 0, out _, out _)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => tokenizer.GetIndexByTokenCountFromEnd("a", -1, out _, out _)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void EncodeToTokens_LoneSurrogate_StandsForItself()
    {
        Tokenizer tokenizer = Json().Read();
        tokenizer.EncodeToTokens("a\uD800b", out _).Select(token => token.Offset).Should().Equal(0..1, 1..2, 2..3);
        WellFormed.Of("a\uD800b").Should().HaveLength(3, "so that offsets hold for the text as given");
    }
}
