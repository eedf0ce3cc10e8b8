using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Tests;

/// <summary>One training step: loss and the gradient of every tensor equal transformers' (gradients_gen.py), autograd through the whole model.</summary>
public sealed class GradientGoldenTests
{
    const double RelativeTolerance = 1e-4;

    /// <summary>A gradient that is 0 in exact arithmetic (a key's bias shifts all scores of a query alike, which softmax ignores) is rounding alone, here and
    /// in the reference: about 1e-8 of the model's largest gradient in both.</summary>
    const double RoundingOfLargest = 1e-7;

    public static IEnumerable<object[]> WithGradients()
    {
        var folders = Goldens.Folders("models").Where(folder => File.Exists(Goldens.At("models", folder, "gradients.json"))).ToArray();
        return folders.Length > 0 ? folders.Select(folder => new object[] { folder })
            : throw new InvalidOperationException($"No folder of {Goldens.At("models")} holds a gradients.json.");
    }

    [Theory, MemberData(nameof(WithGradients))]
    public void Backward_GoldenCase_EqualsReferenceGradients(string folder)
    {
        using var scope = NewDisposeScope();
        var reference = JsonDocument.Parse(File.ReadAllText(Goldens.At("models", folder, "gradients.json"))).RootElement;
        var golden = GoldenCase.Read(folder, reference.GetProperty("case").GetString()!);
        using var model = VisionLanguageModel.Load(Goldens.At("models", folder));
        foreach (var weight in model.Weights.All.Values) weight.requires_grad_(true);
        long[] labels = [.. reference.GetProperty("labels").EnumerateArray().Select(item => item.GetInt64())];

        // transformers' ForCausalLMLoss: each label is predicted by the logits before it, and -100 takes no part.
        var logits = model.Forward(golden.Inputs).Logits.squeeze(0);                             // [T,V]
        var loss = nn.functional.cross_entropy(logits.narrow(0, 0, labels.Length - 1), tensor(labels[1..]), ignore_index: -100);
        loss.backward();

        var expectedLoss = reference.GetProperty("loss").GetDouble();
        loss.item<float>().Should().BeApproximately((float)expectedLoss, (float)(RelativeTolerance * expectedLoss));
        var floor = RoundingOfLargest * reference.GetProperty("gradients").EnumerateObject().Max(entry => entry.Value.GetProperty("norm").GetDouble());
        foreach (var entry in reference.GetProperty("gradients").EnumerateObject())
        {
            var norm = entry.Value.GetProperty("norm").GetDouble();
            var gradient = model.Weights.All[entry.Name].grad;
            if (norm == 0)
            {
                (gradient is null || gradient.abs().max().item<float>() == 0).Should().BeTrue("{0} is not reached", entry.Name);
                continue;
            }
            gradient.Should().NotBeNull("{0} is reached", entry.Name);
            gradient!.to(ScalarType.Float64).norm().item<double>().Should()
                .BeApproximately(norm, Math.Max(floor, RelativeTolerance * norm), "it is the norm of {0}", entry.Name);
            var first = gradient.flatten().narrow(0, 0, Math.Min(4, gradient.numel())).data<float>().ToArray();
            double[] expected = [.. entry.Value.GetProperty("first").EnumerateArray().Select(item => item.GetDouble())];
            first.Should().HaveCount(expected.Length);
            // single values near 0 have no relative error of their own
            var scale = Math.Max(expected.Max(Math.Abs), norm / Math.Sqrt(gradient.numel()));
            for (var i = 0; i < expected.Length; i++)
                ((double)first[i]).Should().BeApproximately(expected[i], Math.Max(floor, RelativeTolerance * scale), "it is value {0} of {1}", i, entry.Name);
        }
    }
}
