using System.Text.Json;
using Vrp.Models.Checkpoints;
using Vrp.Models.Configuration;

namespace Vrp.Models.Tests.Configuration;

public sealed class TensorShapesTests
{
    [Theory, MemberData(nameof(Goldens.Architectures), MemberType = typeof(Goldens))]
    public void TensorShapes_RealConfig_EqualTransformersNamesAndShapes(string architecture)
    {
        var config = ConfigSection.Read(Goldens.At("architectures", architecture, "config.json"));

        var shapes = VisionLanguageConfig.FromJson(config.Json, config.Source).TensorShapes();

        shapes.Select(item => $"{item.Key} {string.Join('x', item.Value)}").Order(StringComparer.Ordinal)
            .Should().Equal(File.ReadLines(Goldens.At("architectures", architecture, "tensors.txt")).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void TensorShapes_GoldenConfig_EqualStoredTensors(string folder)
    {
        var checkpoint = Checkpoint.Open(Goldens.At("models", folder));

        var shapes = VisionLanguageConfig.FromJson(checkpoint.Config, folder).TensorShapes();

        shapes.Select(item => $"{item.Key} {string.Join('x', item.Value)}").Order(StringComparer.Ordinal)
            .Should().Equal(checkpoint.Tensors.Select(item => $"{item.Key} {string.Join('x', item.Value.Shape)}").Order(StringComparer.Ordinal));
    }
}
