using FluentAssertions;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

/// <summary>Comparison of tensors with a tolerance; NaN never passes.</summary>
static class TensorAssertions
{
    /// <summary>The shapes are equal and no value differs by more than <paramref name="tolerance"/>, or by 2e-5 of the largest value where that is more: the
    /// last bits of a state of size 80 are 4e-6, and another kernel's order of summation moves some tens of them (1.6e-4 seen between AVX2 and
    /// AVX-512).</summary>
    public static void ShouldEqual(this Tensor actual, Tensor expected, double tolerance, string name)
    {
        actual.shape.Should().Equal(expected.shape, "{0} has the reference's shape", name);
        using var largest = expected.abs().max();
        var relative = tolerance == 0 ? 0 : 2e-5 * largest.to(ScalarType.Float64).item<double>();
        Distance(actual, expected).Should().BeLessThanOrEqualTo(Math.Max(tolerance, relative), "{0} is within its tolerance", name);
    }

    /// <summary>Largest absolute difference; NaN counts as infinite.</summary>
    public static double Distance(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var difference = (actual.to(ScalarType.Float64).cpu() - expected.to(ScalarType.Float64).cpu()).abs().max().item<double>();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}
