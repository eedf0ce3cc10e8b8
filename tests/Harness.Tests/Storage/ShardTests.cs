using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Vrp.Harness.Storage;
using Vrp.Models;

namespace Vrp.Harness.Tests.Storage;

public sealed class ShardTests
{
    [Property]
    public Property BlocksOf_AllShards_CoverEveryBlockOnce() =>
        Prop.ForAll(Gen.Choose(0, 200).ToArbitrary(), Gen.Choose(1, 30).ToArbitrary(), (blocks, count) =>
    {
        var covered = Enumerable.Range(1, count).Select(i => new Shard(i, count).BlocksOf(blocks))
            .SelectMany(range => Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value));
        covered.Should().Equal(Enumerable.Range(0, blocks));
    });

    [Fact]
    public void Parse_PartOfParts_ReadsBoth() => Shard.Parse("2/5").Should().Be(new Shard(2, 5));

    [Theory, InlineData("0/5"), InlineData("6/5"), InlineData("2"), InlineData("-1/3"), InlineData("a/b"), InlineData("1/2/3"), InlineData("")]
    public void Parse_OtherTexts_NameTheForm(string text) =>
        FluentActions.Invoking(() => Shard.Parse(text)).Should().Throw<VrpException>().WithMessage("*i/n*");
}
