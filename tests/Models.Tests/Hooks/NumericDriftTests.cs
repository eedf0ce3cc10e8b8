using TorchSharp;
using Vrp.Models.Hooks;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Hooks;

public sealed class NumericDriftTests
{
    public static IEnumerable<object[]> FamiliesAndTypes() =>
        from family in SmallModel.Families()
        from dtype in new[] { ScalarType.BFloat16, ScalarType.Float16 }
        select new object[] { family[0], dtype };

    [Theory, MemberData(nameof(FamiliesAndTypes))]
    public void Measure_HalfPrecision_DriftsByItsRoundingOnly(string family, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var reference = SmallModel.Create(family);
        using var candidate = SmallModel.Create(family, dtype);
        using var inputs = SmallModel.Inputs(reference, 9, 6);

        var drift = NumericDrift.Measure(reference, candidate, inputs);

        drift.Select(item => item.Point).Should().Equal([.. Enumerable.Range(0, reference.Layers).Select(i => $"blocks.{i}.resid_post"), "final_norm",
            "logits"]);
        // Relative spacing is 2^-8 in bfloat16 and 2^-11 in float16; some ten roundings per block in a row, and the weights' own, stay within 16 of them.
        var bound = 16 * (dtype == ScalarType.BFloat16 ? Math.Pow(2, -8) : Math.Pow(2, -11));
        drift.Should().OnlyContain(item => item.Relative > 0 && item.Relative < bound && item.MaxAbsolute > 0);
    }

    [Fact]
    public void Measure_SameModel_NoDrift()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create("llava");
        using var inputs = SmallModel.Inputs(model, 8);

        NumericDrift.Measure(model, model, inputs).Should().OnlyContain(item => item.Relative == 0 && item.MaxAbsolute == 0);
    }

    [Theory, MemberData(nameof(FamiliesAndTypes))]
    public void Generate_HalfPrecision_FollowsItsOwnForward(string family, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(family, dtype);
        using var inputs = SmallModel.Inputs(model, 9, 6);

        var answer = model.Generate(inputs, new() { MaxNewTokens = 4, IgnoreEndTokens = true, KeepLogits = 1 });

        var logits = model.Forward(inputs).Logits;
        logits.dtype.Should().Be(dtype);
        // Generation reads the head at one position, forward at nine. libtorch 1.13 rounds bfloat16 products of one row and of nine at other places unless the
        // processor has AVX-512: 0 there, at most 0.0117 seen without it: less than two units in the last place of the largest logit.
        var tolerance = dtype == ScalarType.BFloat16 ? 2 * Math.Pow(2, -8) * logits.to(ScalarType.Float32).abs().max().item<float>() : 0;
        answer.Logits!.select(1, 0).ShouldEqual(logits.select(1, 8).to(ScalarType.Float32), tolerance, "logits");
    }
}
