using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Vrp.Models.Tokenizing;
using Vrp.Models.Tokenizing.Bpe;
using static Vrp.Models.Tests.Tokenizing.TinyTokenizer;

namespace Vrp.Models.Tests.Tokenizing;

public class BpeTests
{
    /// <summary>Merges over the ids 0 to 9 at random, results included: also several that make the same piece.</summary>
    static (MergeTable Table, List<(int Left, int Right, int Result)> List) RandomMerges(Random random)
    {
        var (table, list) = (new MergeTable(), new List<(int, int, int)>());
        for (var i = random.Next(1, 60); i > 0; i--)
        {
            var merge = (random.Next(20), random.Next(20), 10 + random.Next(10));
            table.Add(merge.Item1, merge.Item2, merge.Item3);
            list.Add(merge);
        }

        return (table, list);
    }

    [Property(MaxTest = 500)]
    public void Merge_UniqueResults_EqualsTheDefinition(int seed)
    {
        var random = new Random(seed);
        List<(int Left, int Right)> pairs = [];
        var merges = new MergeTable();
        for (var result = 5; result < 40; result++)
        {
            (int, int) pair = (random.Next(result), random.Next(result));
            if (pairs.Contains(pair)) pair = (result - 1, result - 1);
            if (pairs.Contains(pair)) break;
            pairs.Add(pair);
            merges.Add(pair.Item1, pair.Item2, result);
        }

        var word = Enumerable.Range(0, random.Next(50)).Select(_ => random.Next(5)).ToList();
        var queue = new MergeQueue(merges);
        word.ForEach(id => queue.Add(id));
        List<int> merged = [];
        queue.Merge(merged);
        merged.Should().Equal(ByDefinition(word, pairs));
    }

    /// <summary>Merge the leftmost pair of lowest rank until there is none; the i-th pair makes the id 5 + i.</summary>
    static List<int> ByDefinition(List<int> word, List<(int, int)> pairs)
    {
        word = [.. word];
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, word.Count - 1)).Select(i => (Rank: pairs.IndexOf((word[i], word[i + 1])), At: i))
                .Where(x => x.Rank >= 0).Order().ToList();
            if (best.Count == 0) return word;
            word[best[0].At] = 5 + best[0].Rank;
            word.RemoveAt(best[0].At + 1);
        }
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public void Merge_OneLongWord_LooksAtLinearlyManyCandidates(int length)
    {
        // Every pair merges, up to pieces of 2^12 symbols: the worst that a word can ask for.
        var merges = new MergeTable();
        for (var id = 0; id < 12; id++) merges.Add(id, id, id + 1);
        var queue = new MergeQueue(merges);
        for (var i = 0; i < length; i++) queue.Add(0);

        List<int> ids = [];
        queue.Merge(ids);

        ids.Sum(id => 1L << id).Should().Be(length);
        queue.Steps.Should().BeLessThan(3L * length);
    }

    [Property(MaxTest = 100)]
    public void Merge_AnyMerges_Ends(int seed)
    {
        var random = new Random(seed);
        var (table, list) = RandomMerges(random);
        var queue = new MergeQueue(table);
        for (var i = 0; i < 200; i++) queue.Add(random.Next(10));
        List<int> ids = [];
        queue.Merge(ids);
        ids.Zip(ids.Skip(1))
            .Should().NotContain(pair => list.Any(merge => merge.Left == pair.First && merge.Right == pair.Second), "a pair that merges would have merged");
    }

    [Property(MaxTest = 300)]
    public void Encode_LongWordCutWhereNothingMerges_EqualsTheWordAsAWhole(int seed)
    {
        // Merges over a few letters, by chance, so that many neighbours never join; x is unknown.
        var random = new Random(seed);
        var (vocabulary, merges) = (new Vocabulary(), new MergeTable());
        var pieces = "?abcdef▁".Select(c => $"{c}").ToList();
        List<(int, int, int)> pairs = [];
        for (var i = random.Next(12); i > 0; i--)
        {
            var (left, right) = (random.Next(1, pieces.Count), random.Next(1, pieces.Count));
            if (!pieces.Contains(pieces[left] + pieces[right])) pieces.Add(pieces[left] + pieces[right]);
            pairs.Add((left, right, pieces.IndexOf(pieces[left] + pieces[right])));
        }

        foreach (var (id, piece) in pieces.Index()) vocabulary.TryAdd(Encoding.UTF8.GetBytes(piece), id).Should().BeTrue();
        vocabulary.IndexIds().Should().BeNull();
        pairs.ForEach(pair => merges.Add(pair.Item1, pair.Item2, pair.Item3));
        var model = new BpeModel(vocabulary, merges, unknownId: 0, fuseUnknown: true, byteFallback: false, ignoreMerges: false);
        var word = string.Concat(Enumerable.Range(0, 200).Select(_ => random.Next(20) == 0 ? 'x' : "abcdef▁"[random.Next(7)]));

        var whole = new MergeQueue(merges);
        foreach (var run in Regex.Matches(word, "x+|[^x]").Select(match => match.Value)) whole.Add(pieces.IndexOf(run[0] == 'x' ? "?" : run));
        List<int> expected = [], actual = [], again = [], withOffsets = [];
        List<Offsets> at = [];
        whole.Merge(expected);
        model.Encode(word, model.NewQueue(), actual);
        model.Encode(word, model.NewQueue(), again);   // from the cache
        model.Encode(word, model.NewQueue(), withOffsets, at);

        actual.Should().Equal(expected);
        again.Should().Equal(expected);
        withOffsets.Should().Equal(expected);
        at.Select(offsets => word[offsets.Start..offsets.End]).Should()
            .Equal(expected.Zip(at, (id, offsets) => id == 0 ? new string('x', offsets.End - offsets.Start) : pieces[id]));
        string.Concat(at.Select(offsets => word[offsets.Start..offsets.End])).Should().Be(word);
    }

    [Theory]
    [InlineData("true", "true", "xay", "<unk>|a|<unk>")]
    [InlineData("true", "true", "xxa", "<unk>|a")]
    [InlineData("false", "true", "xxa", "<unk>|<unk>|a")]
    public void Encode_UnknownCharacters_FuseWhenAsked(string fuse, string fallback, string text, string tokens) =>
        Json(Model.Replace("\"vocab\"", $"\"fuse_unk\": {fuse}, \"byte_fallback\": {fallback}, \"vocab\"")).Read().Tokens(text).Should().Be(tokens);

    [Fact]
    public void Encode_UnknownBeforeBytes_ComesAfterThemAsInTheReference()
    {
        var model = Model.Replace("\"vocab\": {", "\"fuse_unk\": true, \"byte_fallback\": true, \"vocab\": {\"<0xC3>\": 12, \"<0xA9>\": 13, ");
        Json(model).Read().Tokens("xéa").Should().Be("<0xC3>|<0xA9>|<unk>|a");
    }

    [Fact]
    public void Encode_NoUnknownToken_DropsUnknownCharacters() =>
        Json(Model.Replace("\"unk_token\": \"<unk>\"", "\"unk_token\": null")).Read().Tokens("xaxb").Should().Be("ab");

    [Fact]
    public void Encode_IgnoreMerges_TakesAWholePieceFirst()
    {
        var model = Model.Replace("\"vocab\": {", "\"ignore_merges\": true, \"vocab\": {\"fed\": 12, ");
        Json(model).Read().Tokens("fed").Should().Be("fed");
        Json(model).Read().Tokens("fede").Should().Be("f|e|de");
    }

    [Fact]
    public void Encode_MergesInEitherNotation_AreTheSame()
    {
        var pairs = Model.Replace("[\"a b\", \"ab c\", \"d e\"]", "[[\"a\", \"b\"], [\"ab\", \"c\"], [\"d\", \"e\"]]");
        var commented = Model.Replace("[\"a b\"", "[\"#version: 0.2\", \"a b\"");
        foreach (var model in new[] { Model, pairs, commented }) Json(model).Read().Tokens("abcdefab").Should().Be("abc|de|f|ab");
    }

    [Fact]
    public void TokenToId_PiecesAndTokens_AreFoundBothWays()
    {
        var tokenizer = Json(added: $"[{Added("<x>")}]").Read();
        tokenizer.TokenToId("abc").Should().Be(10);
        tokenizer.TokenToId("<x>").Should().Be(12);
        tokenizer.TokenToId("nothing").Should().BeNull();
        tokenizer.IdToToken(12).Should().Be("<x>");
        tokenizer.IdToToken(13).Should().BeNull();
        tokenizer.IdToToken(-1).Should().BeNull();
    }
}
