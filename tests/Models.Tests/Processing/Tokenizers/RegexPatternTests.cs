using Vrp.Models.Processing.Tokenizers.Patterns;

namespace Vrp.Models.Tests.Processing.Tokenizers;

public class RegexPatternTests
{
    const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static string Slices(string pattern, string text) => string.Join('|', new RegexPattern(pattern).Slices(text).Select(slice => slice.IsMatch ? text[slice.Start..slice.End] : $"-{text[slice.Start..slice.End]}-"));

    [Theory]
    [InlineData("Hello, world", "Hello|,| world")]
    [InlineData("I'M we'LL 'Tis", "I|'M| we|'LL| '|Tis")]
    [InlineData("it'ſ", "it|'ſ")]                                 // U+017F is an s under (?i:…)
    [InlineData("a1234", "a|1|2|3|4")]
    [InlineData("a  b", "a| | b")]
    [InlineData("a   ", "a|   ")]
    [InlineData("a \n\n  b", "a| \n\n| | b")]
    [InlineData("x!?\r\n\r\ny", "x|!?\r\n\r\n|y")]
    [InlineData("\t\tx", "\t|\tx")]
    [InlineData("𝔘𝔫𝔦 𝟙𝟚", "𝔘𝔫𝔦| |𝟙|𝟚")]                           // letters and digits beyond the BMP
    [InlineData("🏳️‍🌈a", "🏳️‍🌈|a")]
    [InlineData("\u3000語", "\u3000語")]
    public void Slices_Qwen2Split_CutsAsTheReference(string text, string slices) => Slices(Qwen2, text).Should().Be(slices);

    [Theory]
    [InlineData(@"\d{1,3}", "12345x", "123|45|-x-")]
    [InlineData(@"\d{2}", "12345", "12|34|-5-")]
    [InlineData(@"\d{2,}", "12345 1", "12345|- 1-")]
    [InlineData(@"(ab|a)c", "abc ac", "abc|- -|ac")]
    [InlineData(@"a(?=b)", "ab ac", "a|-b ac-")]
    [InlineData(@"[a-c\-\]]+", "a-c]d", "a-c]|-d-")]
    [InlineData(@"[^\S\n]+", "a \t\nb", "-a-| \t|-\nb-")]
    [InlineData(@"\P{L}+", "a1!b", "-a-|1!|-b-")]
    [InlineData(@"\p{Lu}", "aB", "-a-|B")]
    [InlineData(@"\u4eca|\x41", "今A", "今|A")]
    [InlineData(@"(?i:k)", "kK\u212A", "k|K|\u212A")]
    [InlineData(@"\.\*", "a.*", "-a-|.*")]
    [InlineData(@"😀+", "a😀😀", "-a-|😀😀")]
    public void Slices_SupportedSyntax_MeansWhatOnigurumaMeans(string pattern, string text, string slices) => Slices(pattern, text).Should().Be(slices);

    [Theory]
    [InlineData("a*", "empty")]
    [InlineData("a|", "empty")]
    [InlineData("(ab)+", "repeated group")]
    [InlineData("a+?", "lazy")]
    [InlineData("a++", "possessive")]
    [InlineData(@"\bx", "\\b")]
    [InlineData(@"\wx", "\\w")]
    [InlineData("^a", "'^'")]
    [InlineData("a.", "'.'")]
    [InlineData("(?<=a)b", "unsupported kind")]
    [InlineData("(?i)a", "unsupported kind")]
    [InlineData("(a", "unclosed group")]
    [InlineData("a)", "unmatched")]
    [InlineData("[a", "unclosed class")]
    [InlineData("[]", "empty class")]
    [InlineData("[[:alpha:]]", "POSIX")]
    [InlineData("[z-a]", "range")]
    [InlineData("a{2,1}", "reversed")]
    [InlineData("a{x}", "repetition")]
    [InlineData("a{2", "unclosed '{'")]
    [InlineData(@"\p{Greek}", "Greek")]
    [InlineData(@"\pL", "without")]
    [InlineData(@"\xZZ", "\\x00")]
    [InlineData(@"\", "ends too early")]
    [InlineData("(?i:é)", "beyond ASCII")]
    [InlineData("(?i:st)", "ligature")]
    [InlineData("(?i:[a])", "class under")]
    public void Constructor_UnsupportedSyntax_IsRefusedByName(string pattern, string because) =>
        FluentActions.Invoking(() => new RegexPattern(pattern)).Should().Throw<FormatException>().WithMessage($"*{because}*");
}
