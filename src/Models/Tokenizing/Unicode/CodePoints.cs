using System.Globalization;

namespace Vrp.Models.Tokenizing.Unicode;

/// <summary>Classes of code points, beyond the BMP too (.NET's own <c>Regex</c> classifies UTF-16 units). .NET 10 and the reference's regex library (Oniguruma
/// 6.9.10) both carry Unicode 16.</summary>
static class CodePoints
{
    /// <summary>A set of general categories as bits, one per <see cref="UnicodeCategory"/>.</summary>
    public static int Mask(params UnicodeCategory[] categories) => categories.Aggregate(0, (mask, category) => mask | 1 << (int)category);

    /// <summary>Whether the code point's general category is in the set.</summary>
    public static bool IsIn(int codePoint, int mask) => (mask >> (int)CharUnicodeInfo.GetUnicodeCategory(codePoint) & 1) != 0;

    /// <summary>Property White_Space, which both Rust's and Oniguruma's <c>\s</c> mean; no character beyond the BMP has it.</summary>
    public static bool IsWhiteSpace(int codePoint) => codePoint <= char.MaxValue && char.IsWhiteSpace((char)codePoint);

    static readonly int WordCategories = Mask(
        UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter, UnicodeCategory.ModifierLetter,
        UnicodeCategory.OtherLetter,
        UnicodeCategory.LetterNumber, UnicodeCategory.NonSpacingMark, UnicodeCategory.SpacingCombiningMark, UnicodeCategory.EnclosingMark,
        UnicodeCategory.DecimalDigitNumber, UnicodeCategory.ConnectorPunctuation);

    /// <summary>Rust's <c>\w</c>: Alphabetic, Mark, Decimal_Number, Connector_Punctuation and Join_Control (UTS #18, annex C). Alphabetic is the letters, Nl
    /// and marks, and the circled and squared Latin letters.</summary>
    public static bool IsWord(int codePoint) => IsIn(codePoint, WordCategories)
        || codePoint is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169)
            or (>= 0x1F170 and <= 0x1F189);
}
