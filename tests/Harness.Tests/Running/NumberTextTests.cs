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
    [InlineData(0, "p < 0.0001")]
    [InlineData(1e-9, "p < 0.0001")]
    [InlineData(0.0016, "p = 0.0016")]
    [InlineData(1, "p = 1")]
    public void PIs_SmallP_IsABound(double p, string expected) => NumberText.PIs(p).Should().Be(expected);
}
