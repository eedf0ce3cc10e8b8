using Vrp.Harness.Studies;
using Vrp.Models;

namespace Vrp.Harness.Tests.Studies;

public sealed class StoredSimulationsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    int computed;

    double[] Get(string name, string? about, params double[] values) => new StoredSimulations(folder.Path).Get(name, about, () =>
    {
        computed++;
        return values;
    });

    string Kept => Directory.GetFiles(folder.At("simulations")).Should().ContainSingle().Which;

    [Fact]
    public void Get_SameInputs_IsComputedOnceAndReadExactly()
    {
        double[] values = [0.1, 1.0 / 3, double.Epsilon, -0.0];
        Get("null", "a", values).Should().Equal(values);
        Get("null", "a", 9).Should().Equal(values).And.HaveElementAt(3, -0.0);
        computed.Should().Be(1);
    }

    [Fact]
    public void Get_OtherInputsOrName_IsComputed()
    {
        Get("null", "a", 1);
        Get("null", "b", 2).Should().Equal(2);
        Get("other", "a", 3).Should().Equal(3);
        computed.Should().Be(3);
    }

    [Fact]
    public void Get_WithoutAKey_IsNeverKept()
    {
        Get("null", null, 1);
        Get("null", null, 2).Should().Equal(2);
        Directory.Exists(folder.At("simulations")).Should().BeFalse();
    }

    [Fact]
    public void Get_KeptFileWithOtherValues_IsAClearError()
    {
        Get("null", "a", 1, 2, 3);
        File.WriteAllText(Kept, File.ReadAllText(Kept).Replace("[1,2,3]", "[1,2,4]"));
        ((Action)(() => Get("null", "a", 9))).Should().Throw<VrpException>().Which.Message.Should().StartWith(Kept).And.Contain("Delete it");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"Key\":\"x\",\"Values\":[1]}")]
    [InlineData("{\"Key\":null,\"Values\":null}")]
    public void Get_DamagedFile_IsAClearErrorAndNeverANumber(string text)
    {
        Get("null", "a", 1);
        File.WriteAllText(Kept, text);
        ((Action)(() => Get("null", "a", 2))).Should().Throw<VrpException>().Which.Message.Should().StartWith(Kept).And.Contain("Delete it");
        File.Delete(Kept);
        Get("null", "a", 2).Should().Equal(2);
    }

    [Fact]
    public void Get_TheKeysOwnValuesLost_IsAClearError()
    {
        Get("null", "a", 1);
        File.WriteAllText(Kept, File.ReadAllText(Kept).Replace("[1]", "[]", StringComparison.Ordinal));
        ((Action)(() => Get("null", "a", 2))).Should().Throw<VrpException>().WithMessage("*is not what was written*");
    }
}
