using System.Text;
using FsCheck.Xunit;
using Vrp.Models.Tokenizing;

namespace Vrp.Models.Tests.Tokenizing;

public class DecoderTests
{
    const string Llama = """
        {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
         {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
        """;

    /// <summary>What each token, and then the end, made final.</summary>
    static string[] Stream(string json, params string[] tokens)
    {
        var text = new TextSink();
        var stages = DecoderReader.Read(TinyTokenizer.Section(json))(text);
        List<string> final = [];
        foreach (var token in tokens)
        {
            stages.Text(token);
            stages.EndToken();
            final.Add(text.Take());
        }

        stages.End();
        return [.. final, text.Take()];
    }

    static string Decode(string json, params string[] tokens) => string.Concat(Stream(json, tokens));

    [Theory]
    [InlineData("▁Hey", "Hey")]
    [InlineData("▁▁Hey|▁you", " Hey you")]
    [InlineData("▁|<0xE4>|<0xBB>|<0x8A>|▁x", "今 x")]
    [InlineData("<0xE4>|<0xBB>|x", "\uFFFD\uFFFDx")]
    [InlineData("<0xC3>|<0xA9>|<0xFF>", "\uFFFD\uFFFD\uFFFD")]           // a run is valid as a whole or not at all
    [InlineData("<0xED>|<0xA0>|<0x80>", "\uFFFD\uFFFD\uFFFD")]           // a surrogate
    [InlineData("<0x0>|<0xGG>|<0x+1>", "<0x0><0xGG><0x+1>")]
    [InlineData("<0x20>|a", "a")]
    [InlineData("a|<0x61>", "aa")]
    public void Decode_LlamaPipeline_GivesTheReferenceText(string tokens, string text) => Decode(Llama, tokens.Split('|')).Should().Be(text);

    [Fact]
    public void Stream_ByteRun_IsHeldUntilItEnds() => Stream(Llama, "▁a", "<0xC3>", "<0xA9>", "b", "<0xC3>").Should().Equal("a", "", "", "éb", "", "\uFFFD");

    [Fact]
    public void Stream_ByteLevel_HoldsHalfACharacter() =>
        Stream("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}""", "ĠðŁ", "ĺ", "Ģ", "ð", "a", "<|今|>", "Ã")
            .Should().Equal(" ", "", "😀", "", "\uFFFDa", "<|今|>", "", "\uFFFD");

    [Property(MaxTest = 500)]
    public void ByteLevel_BytesCutAnywhere_ReadAsTheWhole(int seed)
    {
        // Bytes that begin, continue and break UTF-8 sequences in every way; ill-formed parts by the rule of maximal subparts (Unicode §3.9).
        byte[] some = [0x41, 0x80, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC3, 0xE0, 0xE4, 0xED, 0xF0, 0xF4, 0xF5, 0xFF];
        var random = new Random(seed);
        var bytes = Enumerable.Range(0, random.Next(30)).Select(_ => some[random.Next(some.Length)]).ToArray();
        List<string> tokens = [];
        for (int i = 0, length; i < bytes.Length; i += length)
        {
            length = random.Next(1, bytes.Length - i + 1);
            tokens.Add(string.Concat(bytes.AsSpan(i, length).ToArray().Select(ByteAlphabet.CharacterOf)));
        }

        Decode("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}""", [.. tokens]).Should().Be(Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData(1, 1, "  a  ", " a ")]
    [InlineData(2, 0, "   a", " a")]
    [InlineData(0, 2, "a    ", "a  ")]
    [InlineData(1, 1, "a", "a")]
    [InlineData(1, 1, "", "")]
    [InlineData(1, 1, "   ", " ")]
    [InlineData(3, 0, "a   b", "a   b")]
    public void Strip_StartAndStop_CutFromEachToken(int start, int stop, string token, string stripped) =>
        Decode($$"""{"type": "Strip", "content": " ", "start": {{start}}, "stop": {{stop}}}""", token, token).Should().Be(stripped + stripped);

    [Fact]
    public void Strip_AfterFuse_CutsOnceAndHoldsTheEnd() =>
        Stream("""{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 1}]}""", " ", " a ", " ", "b ")
            .Should().Equal("", " a", " ", " b", "");

    [Theory]
    [InlineData("always", "Hey friend")]
    [InlineData("first", "Hey friend")]
    [InlineData("never", " Hey friend")]
    public void Metaspace_FirstToken_LosesItsMarkUnlessNeverPrepended(string scheme, string text) =>
        Decode($$"""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": true}""", "▁Hey", "▁friend").Should().Be(text);

    [Fact]
    public void Decode_WithoutDecoder_JoinsBySpaces() =>
        TinyTokenizer.Json(decoder: "null").Read().Decode([1, 99, 10]).Should().Be("a abc", "and an id without a token is left out");

    [Fact]
    public void Decode_Nothing_IsEmpty() => TinyTokenizer.Json(decoder: Llama).Read().Decode([]).Should().BeEmpty();
}
