using TorchSharp;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Layers;

public sealed class CausalLanguageModelLossTests
{
    [Fact]
    public void Compute_TwoLabels_IsTheMeanSurpriseOfEachAfterItsPast()
    {
        using var scope = NewDisposeScope();
        var logits = tensor([0f, 0, 0, 1, 2, 3, 5, 5, 5], [1, 3, 3]);

        var loss = CausalLanguageModelLoss.Compute(logits, new long[,] { { 0, 2, 0 } });

        double first = Math.Log(3), second = Math.Log(Math.E + Math.Exp(2) + Math.Exp(3)) - 1;
        loss.item<float>().Should().BeApproximately((float)((first + second) / 2), 1e-6f);
    }

    [Fact]
    public void Compute_NoLabel_Throws()
    {
        using var scope = NewDisposeScope();

        var compute = () => CausalLanguageModelLoss.Compute(zeros(1, 2, 3), new long[,] { { 1, CausalLanguageModelLoss.Ignored } });

        compute.Should().Throw<VrpException>();
    }
}
