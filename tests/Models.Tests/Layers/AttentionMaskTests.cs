using TorchSharp;
using Vrp.Models.Layers;
using static TorchSharp.torch;

namespace Vrp.Models.Tests.Layers;

/// <summary>The worked examples of <see cref="AttentionMask"/>.</summary>
public sealed class AttentionMaskTests
{
    static readonly long[,] PaddedPair = { { 0, 1, 1 } };

    [Fact]
    public void CausalOver_LeftPadding_HidesPaddingAndTheFuture() =>
        Image(AttentionMask.CausalOver(PaddedPair, ScalarType.Float32, CPU)).Should().Equal("...", ".x.", ".xx");

    [Fact]
    public void FullOver_LeftPadding_HidesPaddingOnly() => Image(AttentionMask.FullOver(PaddedPair, ScalarType.Float32, CPU)).Should().Equal(".xx");

    [Fact]
    public void PrefixOver_Suffix_IsCausalBehindAFullPrefix() =>
        Image(AttentionMask.PrefixOver(new long[,] { { 1, 1, 1, 1 } }, new long[,] { { 0, 0, 1, 1 } }, ScalarType.Float32, CPU)).Should()
            .Equal("xx..", "xx..", "xxx.", "xxxx");

    [Fact]
    public void ForDecoding_LeftPadding_LeavesRoomForNewTokens() =>
        Image(new AttentionMask(AttentionMask.ForDecoding(PaddedPair, 5, ScalarType.Float32, CPU), false)).Should().Equal(".xxxx");

    [Fact]
    public void CausalOver_NoPadding_NeedsNoTensor()
    {
        AttentionMask.CausalOver(new long[,] { { 1, 1 } }, ScalarType.Float32, CPU).Should().Be(new AttentionMask(null, true));
        AttentionMask.FullOver(new long[,] { { 1, 1 } }, ScalarType.Float32, CPU).Should().Be(AttentionMask.None);
        AttentionMask.ForDecoding(new long[,] { { 1, 1 } }, 5, ScalarType.Float32, CPU).Should().BeNull();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Lowest_AnyDtype_IsFiniteInIt(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var lowest = tensor(AttentionMask.Lowest(dtype)).to(dtype).to(ScalarType.Float64);

        lowest.isfinite().item<bool>().Should().BeTrue();
        lowest.item<double>().Should().Be(finfo(dtype).min);
    }

    static IEnumerable<string> Image(AttentionMask mask)
    {
        using var scope = NewDisposeScope();
        var rows = mask.Additive!.select(0, 0).select(0, 0);
        return [.. Enumerable.Range(0,
            (int)rows.shape[0]).Select(query => string.Concat(rows.select(0, query).data<float>().ToArray().Select(value => value == 0 ? 'x' : '.')))];
    }
}
