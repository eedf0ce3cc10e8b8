using Vrp.Builder.Training.Tokenizers;

namespace Vrp.Builder.Tests.Training;

public class WordPiecesTests
{
    [Fact]
    public void Merges_OneWordHoldsTheStartOfAnother_TheHolderComesFirst()
    {
        var pieces = new WordPieces([], ["arrow", "car"]);

        // "a r" before "ca r" would leave "c ar".
        pieces.Merges.Should().Equal(("c", "a"), ("ca", "r"), ("a", "r"), ("ar", "r"), ("arr", "o"), ("arro", "w"));
    }

    [Fact]
    public void Merges_SharedBeginning_IsLearntOnce() =>
        new WordPieces(["▁top", "▁to"], []).Pieces.Should().Equal("▁t", "▁to", "▁top");

    [Fact]
    public void Constructor_WordsThatBreakEachOther_SaysWhich() =>
        FluentActions.Invoking(() => new WordPieces([], ["abxcd", "cdxab"])).Should().Throw<InvalidOperationException>().WithMessage("*abxcd, cdxab*");
}
