using Vrp.Harness.Running;

namespace Vrp.Harness.Tests.Running;

public class NumberTextTests
{
    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(-0.0, "0")]
    [InlineData(-0.00004, "-4.0e-5")]
    [InlineData(0.00004, "4.0e-5")]
    [InlineData(-0.00006, "-0.0001")]
    [InlineData(1234.56789, "1234.5679")]
    public void Number_Value_HasFourDecimalsAtMost(double value, string expected) => NumberText.Number(value).Should().Be(expected);

    [Theory]
    [InlineData(-0.00001, "0.0000", "0.0000")]
    [InlineData(0.02, "0.0200", "+0.0200")]
    [InlineData(-0.02, "-0.0200", "-0.0200")]
    public void Fixed_Zero_HasNoSign(double value, string plain, string signed) =>
        (NumberText.Fixed(value), NumberText.Signed(value)).Should().Be((plain, signed));

    [Theory]
    [InlineData(-0.0, 3, "0", "0")]
    [InlineData(0.0123456, 3, "0.0123", "+0.0123")]
    [InlineData(-143.26, 3, "-143", "-143")]
    [InlineData(0.943217123, 6, "0.943217", "+0.943217")]
    public void Significant_Digits_AreKeptWhateverTheSize(double value, int digits, string plain, string signed) =>
        (NumberText.Significant(value, digits), NumberText.SignedSignificant(value, digits)).Should().Be((plain, signed));

    [Theory]
    [InlineData(0.125, "12.50%", "12.5")]
    [InlineData(-0.00001, "0.00%", "0.0")]
    [InlineData(3, "300.00%", "300.0")]
    public void Percent_Share_HasItsDecimalsAndNoMinusBeforeZero(double share, string text, string value) =>
        (NumberText.Percent(share), NumberText.PercentValue(share)).Should().Be((text, value));

    [Theory]
    [InlineData(12, 32, "L12 (depth 0.39)")]
    [InlineData(0, 1, "L0 (depth 0.00)")]
    public void Layer_Number_HasItsDepth(double layer, int layers, string expected) => NumberText.Layer(layer, layers).Should().Be(expected);

    [Theory]
    [InlineData(0, "p < 0.0001")]
    [InlineData(1e-9, "p < 0.0001")]
    [InlineData(0.0016, "p = 0.0016")]
    [InlineData(1, "p = 1")]
    public void PIs_SmallP_IsABound(double p, string expected) => NumberText.PIs(p).Should().Be(expected);
}
