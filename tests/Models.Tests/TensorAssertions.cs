using FluentAssertions;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

/// <summary>Comparison of tensors with a tolerance; NaN never passes.</summary>
static class TensorAssertions
{
    /// <summary>The shapes are equal and no value differs by more than <paramref name="tolerance"/>.</summary>
    public static void ShouldEqual(this Tensor actual, Tensor expected, double tolerance, string name)
    {
        actual.shape.Should().Equal(expected.shape, "{0} has the reference's shape", name);
        Distance(actual, expected).Should().BeLessThanOrEqualTo(tolerance, "{0} is within its tolerance", name);
    }

    /// <summary>Largest absolute difference; NaN counts as infinite.</summary>
    public static double Distance(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        double difference = (actual.to(ScalarType.Float64).cpu() - expected.to(ScalarType.Float64).cpu()).abs().max().item<double>();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}
