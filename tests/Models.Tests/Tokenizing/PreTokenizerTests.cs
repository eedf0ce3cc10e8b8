using Vrp.Models.Tokenizing;

namespace Vrp.Models.Tests.Tokenizing;

public class PreTokenizerTests
{
    static string Split(string json, string text, bool isFirst = true) =>
        string.Join('|', PreTokenizerReader.Read(TinyTokenizer.Section(json)).Apply([new Piece(text, isFirst)]).Select(piece => piece.Text));

    [Theory]   // the reference's own example (tokenizers: normalizer.rs, SplitDelimiterBehavior)
    [InlineData("Removed", false, "the|final|countdown")]
    [InlineData("Isolated", false, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", false, "the|-final|-|-countdown")]
    [InlineData("Contiguous", false, "the|-|final|--|countdown")]
    [InlineData("Removed", true, "-|-|-")]
    [InlineData("MergedWithPrevious", true, "the|-final|-|-countdown")]
    [InlineData("MergedWithNext", true, "the-|final-|-|countdown")]
    public void Split_EachBehavior_TreatsMatchesAsTheReference(string behavior, bool invert, string pieces) =>
        Split(
            $$$"""{"type": "Split", "pattern": {"String": "-"}, "behavior": "{{{behavior}}}", "invert": {{{(invert ? "true" : "false")}}}}""",
            "the-final--countdown").Should().Be(pieces);

    [Theory]
    [InlineData("always", true, true, "a b  c", "▁a|▁b|▁|▁c")]
    [InlineData("always", true, false, "a b", "▁a|▁b")]
    [InlineData("always", false, false, "a b", "▁a▁b")]
    [InlineData("always", false, true, " a", "▁a")]
    [InlineData("first", false, true, "a b", "▁a▁b")]
    [InlineData("first", false, false, "a b", "a▁b")]
    [InlineData("never", true, true, "a b", "a|▁b")]
    public void Metaspace_EachScheme_PrependsAsTheReference(string scheme, bool split, bool isFirst, string text, string pieces) =>
        Split($$"""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": {{(split ? "true" : "false")}}}""", text, isFirst)
            .Should().Be(pieces);

    [Fact]
    public void Metaspace_OldFile_AddsAPrefixAndSplits() =>
        Split("""{"type": "Metaspace", "replacement": "▁", "str_rep": "▁", "add_prefix_space": true}""", "a b").Should().Be("▁a|▁b");

    [Theory]
    [InlineData("Hello my friend, how is your day going?", "Hello|Ġmy|Ġfriend|,|Ġhow|Ġis|Ġyour|Ġday|Ġgoing|?")]   // tokenizers: byte_level.rs
    [InlineData("a\nb", "a|Ċ|b")]
    [InlineData("é 𝔘12", "Ã©|ĠðĿĶĺ|12")]
    public void ByteLevel_WithGpt2Split_WritesBytes(string text, string pieces) =>
        Split("""{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}""", text).Should().Be(pieces);

    [Fact]
    public void ByteLevel_PrefixSpace_IsAddedOnce()
    {
        const string json = """{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": false}""";
        Split(json, "a b").Should().Be("ĠaĠb");
        Split(json, " a").Should().Be("Ġa");
    }

    [Theory]
    [InlineData("""{"type": "Split", "pattern": {"String": "-"}, "behavior": "Removed", "invert": false}""", "a-b", "a-b")]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}""", "a b", "▁a▁b")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}""", "a é", "ĠaĠÃ©")]
    [InlineData("""
        {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"String": " "}, "behavior": "Isolated", "invert": false},
         {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}]}
        """, "a é", "aĠÃ©")]
    public void Apply_WithoutSplitting_OnlyRewrites(string json, string text, string rewritten) =>
        PreTokenizerReader.Read(TinyTokenizer.Section(json)).Apply([new Piece(text, true)], splits: false).Select(piece => piece.Text)
            .Should().Equal(rewritten);

    [Fact]
    public void Split_TokenAmongPieces_PassesUntouched() =>
        PreTokenizerReader.Read(TinyTokenizer.Section("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}"""))
            .Apply([new Piece("", false, 7)]).Should().Equal(new Piece("", false, 7));
}
