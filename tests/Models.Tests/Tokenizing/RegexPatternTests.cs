using Vrp.Models.Tokenizing;
using Vrp.Models.Tokenizing.Patterns;

namespace Vrp.Models.Tests.Tokenizing;

public class RegexPatternTests
{
    const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static RegexPattern Pattern(string expression, TimeSpan? perText = null, TimeSpan? perCharacter = null) =>
        new(expression, "test.json", "$.pattern", perText, perCharacter);

    static string Slices(string pattern, string text) =>
        string.Join('|', Pattern(pattern).Slices(text).Select(slice => slice.IsMatch ? text[slice.Start..slice.End] : $"-{text[slice.Start..slice.End]}-"));

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
    [InlineData("[-a]+|[b-]+|[^-]", "-a-b-c", "-a-|b-|c")]
    [InlineData(@"[^\S\n]+", "a \t\nb", "-a-| \t|-\nb-")]
    [InlineData(@"\P{L}+", "a1!b", "-a-|1!|-b-")]
    [InlineData(@"\p{Lu}", "aB", "-a-|B")]
    [InlineData(@"\u4eca|\x41", "今A", "今|A")]
    [InlineData(@"(?i:k)", "kK\u212A", "k|K|\u212A")]
    [InlineData(@"\.\*", "a.*", "-a-|.*")]
    [InlineData(@"a(?i:'s)?", "a'Saa'x", "a'S|a|a|-'x-")]
    [InlineData(@"[一-龥]+|\p{Lo}", "漢字𠀀𠀁", "漢字|𠀀|𠀁")]              // beyond the BMP is a letter, but not of the range
    [InlineData(@"[^\uFFDC\uFFDA]", "𠀀\uFFDC\uFFDA", "𠀀|-\uFFDC\uFFDA-")]   // nor any of the last letters of the BMP
    [InlineData(@"\p{Cn}\p{Co}", "\U000EFFFF\U00100000", "\U000EFFFF\U00100000")]
    public void Slices_SupportedSyntax_MeansWhatOnigurumaMeans(string pattern, string text, string slices) => Slices(pattern, text).Should().Be(slices);

    [Theory]
    [InlineData("a*", "match empty text")]
    [InlineData("a|", "match empty text")]
    [InlineData("(a?|b)(?=c)", "match empty text")]
    [InlineData("(ab)+", "character 4, +,")]
    [InlineData("(?=a)?b", "character 4, )?b,")]
    [InlineData("a+?", "character 1, +?,")]
    [InlineData("a++", "character 1, ++,")]
    [InlineData("a{2}{3}", "character 1, {2}{3},")]
    [InlineData(@"\bx", "character 0, \\bx,")]
    [InlineData(@"\wx", "character 0, \\wx,")]
    [InlineData("^a", "character 0, ^a,")]
    [InlineData("a$", "character 1, $,")]
    [InlineData("a.", "character 1, .,")]
    [InlineData("(?<=a)b", "character 0, (?<=a)b,")]
    [InlineData("(?i)a", "character 0, (?i)a,")]
    [InlineData("(?>a)", "character 0, (?>a),")]
    [InlineData("(a", "unclosed group")]
    [InlineData("a)", "character 1, ),")]
    [InlineData("[a", "character 0, [a,")]
    [InlineData("[]", "character 0, [],")]
    [InlineData("[[:alpha:]]", "character 0, [[:alpha:]],")]
    [InlineData("[a-z&&[^b]]", "character 0, [a-z&&[^b]],")]
    [InlineData("[a-z-[b]]", "character 0, [a-z-[b]],")]
    [InlineData("[z-a]", "malformed: *reverse order")]
    [InlineData(@"[a-\d]", "character 0, [a-\\d],")]
    [InlineData(@"[\d-z]", "character 0, [\\d-z],")]
    [InlineData("[a-c-e]", "character 0, [a-c-e],")]
    [InlineData("a{2,1}", "malformed: *")]
    [InlineData("a{x}", "character 1, {x},")]
    [InlineData("a{2", "character 1, {2,")]
    [InlineData("a{1000}", "character 1, {1000},")]
    [InlineData("a{2147483647}a{2147483647}", "character 1, {2147483647}a{214748…,")]
    [InlineData(@"\p{Greek}", "character 0, \\p{Greek},")]
    [InlineData(@"\p{Xx}", "character 0, \\p{Xx},")]
    [InlineData(@"\pL", "character 0, \\pL,")]
    [InlineData(@"\xZZ", "character 0, \\xZZ,")]
    [InlineData(@"\x80", "character 0, \\x80,")]
    [InlineData(@"\uD800", "character 0, \\uD800,")]
    [InlineData(@"\", "character 0, \\,")]
    [InlineData("😀+", "character 0, 😀+,")]
    [InlineData("[😀-😂]", "character 0, [😀-😂],")]
    [InlineData("(?i:é)", "character 4, é),")]
    [InlineData("(?i:st)", "character 4, st),")]
    [InlineData(@"(?i:\x73)", "character 4, \\x73),")]
    [InlineData("(?i:[a])", "character 4, [a]),")]
    [InlineData(@"(?i:\p{Lu})", "character 4, \\p{Lu}),")]
    public void Constructor_WhatTheLibrariesReadDifferently_IsRefusedWithItsPlace(string pattern, string because) =>
        FluentActions.Invoking(() => Pattern(pattern)).Should().Throw<TokenizerException>()
            .WithMessage($"test.json, $.pattern: the regular expression *{because}*");

    [Theory]
    [InlineData("(", 30_000, "more than 10000 characters")]
    [InlineData("(?=", 20_000, "more than 10000 characters")]
    [InlineData("(", 5_000, "more than 100 groups")]
    [InlineData("(?=", 3_000, "more than 100 groups")]
    [InlineData("[", 5_000, "character 0")]
    [InlineData("[a-", 3_000, "character 0")]
    public void Constructor_PatternMadeToBreakIt_IsRefusedBeforeAnythingRecurses(string part, int times, string because) =>
        FluentActions.Invoking(() => Pattern(string.Concat(Enumerable.Repeat(part, times)))).Should().Throw<TokenizerException>().Which.Message.Should()
            .Contain(because).And.NotContain(string.Concat(Enumerable.Repeat(part, 300)), "a message is short");

    [Theory]
    [InlineData(@"(?:\p{L}|\p{L}{2})", 40, @"(?!\S)")]
    [InlineData("[a-m]*[a-n]*", 6, @"a(?!\S)")]
    public void Slices_PatternThatBacktracksWithoutEnd_IsANamedError(string part, int times, string end)
    {
        var text = $"{new string('a', 300)}1";
        var pattern = Pattern(string.Concat(Enumerable.Repeat(part, times)) + end, perText: TimeSpan.FromMilliseconds(50));
        FluentActions.Invoking(() => pattern.Slices(text).Count()).Should().Throw<TokenizerException>()
            .Which.Message.Should().StartWith("test.json, $.pattern: ").And.Contain(part).And.Contain("took more than").And.Contain("301 characters");
    }

    [Fact]
    public void Slices_ManyMatchesThatAreEachSlow_ShareOneLimit()
    {
        // A match takes some milliseconds: none reaches the limit for itself, all together do.
        var text = string.Concat(Enumerable.Repeat($"{new string('a', 300)}1 ", 2_000));
        var pattern = Pattern(@"[a-m]*[a-n]*[a-o]*z|\S+", perText: TimeSpan.FromMilliseconds(300), perCharacter: TimeSpan.Zero);
        FluentActions.Invoking(() => pattern.Slices(text).Count()).Should().Throw<TokenizerException>().WithMessage("*took more than*");
    }

    [Fact]
    public void Slices_NoStandInLeft_IsANamedErrorForSuchTextsOnly()
    {
        var pattern = Pattern(@"[^\u0080-\uFFFF]+");
        pattern.Slices("abé").Should().Equal((0, 2, true), (2, 3, false));
        FluentActions.Invoking(() => pattern.Slices("a😀").Count()).Should().Throw<TokenizerException>().WithMessage("*beyond the BMP*");
    }

    [Fact]
    public void Slices_HostilePatternsThatNeedNoBacktracking_AreJustAnswered()
    {
        Slices(string.Concat(Enumerable.Repeat("(a|a)", 28)) + "b", new string('a', 60)).Should().Be($"-{new string('a', 60)}-");
        Slices(string.Concat(Enumerable.Repeat(@"\p{L}*", 7)) + "!", new string('a', 60)).Should().Be($"-{new string('a', 60)}-");
    }

    [Fact]
    public void Slices_MegabyteOfBlanks_TakesOneMatch() => Pattern(Qwen2).Slices(new string(' ', 1_000_000)).Should().Equal((0, 1_000_000, true));
}
