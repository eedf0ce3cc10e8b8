using FsCheck.Xunit;
using Vrp.Models.Tokenizing.Unicode;

namespace Vrp.Models.Tests.Tokenizing;

public class NormalizationFormCTests
{
    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("e\u0301\u0301", "é\u0301")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("a\u0315\u0300\u05AE\u0062", "à\u05AE\u0315b")]          // marks in canonical order (UAX #15 conformance test)
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("d\u0323\u0307", "\u1E0D\u0307")]
    [InlineData("\u1100\u1161\u11A8", "각")]
    [InlineData("가\u11A8", "각")]
    [InlineData("\u1100\u1161\u11A7", "가\u11A7")]                       // U+11A7 is not a trailing consonant
    [InlineData("\u212B\u2126", "\u00C5\u03A9")]                         // singletons
    [InlineData("\u0958", "\u0915\u093C")]                               // excluded from composition
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u0301e\u0301", "\u0301é")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\u09C7\u09BE", "\u09CB")]                               // two starters that compose
    [InlineData("a\u0338\u0301\u0327", "\u00E1\u0338\u0327")]
    [InlineData("plain ASCII", "plain ASCII")]
    [InlineData("", "")]
    public void Of_Text_IsItsComposedForm(string text, string composed) => NormalizationFormC.Of(text).Should().Be(composed);

    [Theory]
    [InlineData("q\u0301\u1DF9")]          // U+1DF9 has class 220 since Unicode 10: in 9.0 it is a starter and is not moved before U+0301
    [InlineData("\U00011935\U00011930")]   // composes since Unicode 13
    public void Of_CharactersLaterThanUnicode9_AreLeftAsTheReferenceLeavesThem(string text) => NormalizationFormC.Of(text).Should().Be(text);

    [Property(MaxTest = 300)]
    public void Of_AnyText_IsStable(int seed)
    {
        var composed = NormalizationFormC.Of(RandomText.Marks(seed));
        NormalizationFormC.Of(composed).Should().Be(composed);
    }

    [Property(MaxTest = 300)]
    public void Of_CanonicallyEquivalentOrders_AreEqual(int seed)
    {
        // Marks of different classes may stand in any order.
        var random = new Random(seed);
        string[] marks = ["\u0327", "\u0323", "\u0301", "\u0315", "\u0345"];   // classes 202, 220, 230, 232, 240
        var one = "o" + string.Concat(marks.OrderBy(_ => random.Next()));
        NormalizationFormC.Of(one).Should().Be(NormalizationFormC.Of("o" + string.Concat(marks)));
    }
}
