using static Vrp.Models.Tests.Tokenizing.TinyTokenizer;

namespace Vrp.Models.Tests.Tokenizing;

/// <summary>Extraction of added tokens (tokenizers: added_vocabulary.rs).</summary>
public class AddedTokenTests
{
    [Theory]
    [InlineData("a<x>b", "a|<x>|b")]
    [InlineData("<x><x>", "<x>|<x>")]
    [InlineData("<x", "<unk>|<unk>")]
    [InlineData("a <x> b", "a| |<x>| |b")]
    public void Encode_TokenInText_IsCutOut(string text, string tokens) => Json(added: $"[{Added("<x>")}]").Read().Tokens(text).Should().Be(tokens);

    [Theory]
    [InlineData("a \t<x> b", "a|<x>| |b")]
    [InlineData("  <x>", "<x>")]
    [InlineData("<x>\u3000<x>", "<x>|<x>")]
    public void Encode_LeftStrippingToken_TakesTheWhitespaceBefore(string text, string tokens) =>
        Json(added: $"[{Added("<x>", left: true)}]").Read().Tokens(text).Should().Be(tokens);

    [Theory]
    [InlineData("a <x> \nb", "a| |<x>|b")]
    [InlineData("<x>  ", "<x>")]
    [InlineData("<x> <x> a", "<x>|<x>|a")]
    public void Encode_RightStrippingToken_TakesTheWhitespaceAfter(string text, string tokens) =>
        Json(added: $"[{Added("<x>", right: true)}]").Read().Tokens(text).Should().Be(tokens);

    [Theory]
    [InlineData("f", "f")]
    [InlineData("f f", "f| |f")]
    [InlineData("cf", "c|f")]
    [InlineData("ef", "e|f")]
    [InlineData("af", "a|f")]
    [InlineData("cat", "cat")]
    [InlineData("a cat", "a| |cat")]
    [InlineData("acat", "a|c|a|<unk>")]
    [InlineData("cat_", "c|a|<unk>|<unk>")]
    [InlineData("cat9", "c|a|<unk>|<unk>")]
    [InlineData("cat\u0301", "c|a|<unk>|<unk>")]                 // a mark is part of a word
    [InlineData("\U0001D518cat", "<unk>|c|a|<unk>")]             // and so is a letter beyond the BMP
    [InlineData("\U0001F600cat", "<unk>|cat")]                   // an emoji is not
    public void Encode_SingleWordToken_NeedsWordBoundaries(string text, string tokens) =>
        Json(added: $"[{Added("cat", single: true)}]").Read().Tokens(text).Should().Be(tokens);

    [Fact]
    public void Encode_TokensThatOverlap_TakesTheLeftmostThenTheLongest() =>
        Json(added: $"[{Added("<x", 12)}, {Added("<x><y>", 13)}, {Added("x>", 14)}]").Read().Tokens("<x><x><y>x>").Should().Be("<x|<unk>|<x><y>|x>");

    [Fact]
    public void Encode_NormalizedToken_IsSearchedInNormalizedText()
    {
        var prepend = """{"type": "Prepend", "prepend": "▁"}""";
        var tokenizer = Json(added: $"[{Added("cd", normalized: true)}]", normalizer: prepend).Read();

        tokenizer.Tokens("cd").Should().Be("cd", "it is searched as ▁cd, which is what its text becomes");
        tokenizer.Tokens("acd").Should().Be("▁|a|c|d");
    }

    [Fact]
    public void Encode_TokenThatIsAPiece_KeepsThePiecesId() => Json(added: $"[{Added("abc", id: 10)}]").Read().Encode("fabcf").Should().Equal(6, 10, 6);

    [Fact]
    public void Encode_NormalizerPerPart_RunsBetweenTokens() =>
        Json(added: $"[{Added("<x>")}]", normalizer: """{"type": "Prepend", "prepend": "▁"}""").Read().Tokens("a<x>b").Should().Be("▁|a|<x>|▁|b");

    [Fact]
    public void Decode_SpecialToken_IsLeftOutOnlyWhenAsked()
    {
        var tokenizer = Json(added: $"[{Added("<x>", special: true)}, {Added("<y>", 13)}]").Read();

        tokenizer.Decode([1, 12, 13]).Should().Be("a<x><y>");
        tokenizer.Decode([1, 12, 13], skipSpecialTokens: true).Should().Be("a<y>");
        tokenizer.VocabularySize.Should().Be(14);
    }
}
