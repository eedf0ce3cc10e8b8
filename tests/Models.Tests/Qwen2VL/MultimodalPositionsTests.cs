using Vrp.Models.Checkpoints;
using Vrp.Models.Layers;
using Vrp.Models.Qwen2VL;

namespace Vrp.Models.Tests.Qwen2VL;

public sealed class MultimodalPositionsTests
{
    static readonly Qwen2VLConfig Config = Qwen2VLConfig.From(ConfigSection.Parse(
        """{"image_token_id":9,"hidden_size":3584,"num_attention_heads":28,"num_key_value_heads":4,"vision_config":{"spatial_merge_size":2}}""",
            "config.json"));

    [Fact]
    public void Compute_WorkedExample_AsDocumented()
    {
        var inputs = new ModelInputs(new long[,] { { 1, 2, 9, 9, 9, 9, 9, 9, 3 } }, null, null, new long[,] { { 1, 4, 6 } });

        Axes(inputs).Should().Equal("0 1 2 2 2 2 2 2 5", "0 1 2 2 2 3 3 3 5", "0 1 2 3 4 2 3 4 5");
    }

    [Fact]
    public void Compute_TwoAdjacentImagesAndLeftPadding_EachImageHasItsGrid()
    {
        var inputs = new ModelInputs(new long[,] { { 0, 9, 9, 9, 1 } }, new long[,] { { 0, 1, 1, 1, 1 } }, null, new long[,] { { 1, 2, 4 }, { 1, 2, 2 } });

        Axes(inputs).Should().Equal("1 0 0 2 3", "1 0 0 2 3", "1 0 1 2 3");
    }

    [Fact]
    public void Compute_TextOnly_CountsUpOnAllAxes() => Axes(new ModelInputs(new long[,] { { 0, 4, 5 } }, new long[,] { { 0, 1, 1 } })).Should()
        .Equal("1 0 1", "1 0 1", "1 0 1");

    [Fact]
    public void Compute_GridThatDoesNotFit_Throws()
    {
        var tooLarge = () => MultimodalPositions.Compute(new ModelInputs(new long[,] { { 9, 9 } }, null, null, new long[,] { { 1, 4, 4 } }), Config);
        var tooFew = () => MultimodalPositions.Compute(new ModelInputs(new long[,] { { 9, 1, 9 } }, null, null, new long[,] { { 1, 2, 2 } }), Config);

        tooLarge.Should().Throw<ShapeException>();
        tooFew.Should().Throw<ShapeException>();
    }

    static IEnumerable<string> Axes(ModelInputs inputs)
    {
        var positions = MultimodalPositions.Compute(inputs, Config);
        return [.. Enumerable.Range(0, 3).Select(axis => string.Join(' ', Enumerable.Range(0, inputs.Length).Select(t => positions[axis, 0, t])))];
    }
}
