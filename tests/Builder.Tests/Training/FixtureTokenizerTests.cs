using Vrp.Builder.Training;
using Vrp.Builder.World;
using Vrp.Models.Tokenizing;

namespace Vrp.Builder.Tests.Training;

public class FixtureTokenizerTests
{
    public static TheoryData<string> Families => ["llava", "paligemma", "qwen2_vl"];

    static (FixtureFamily Family, HuggingFaceTokenizer Tokenizer) Load(string name)
    {
        var family = FixtureFamily.ByName(name);
        return (family, HuggingFaceTokenizer.FromJson(family.Tokenizer.Files["tokenizer.json"].ToJsonString()));
    }

    [Theory, MemberData(nameof(Families))]
    public void Encode_WorldWordBehindASpace_IsOneToken(string name)
    {
        var (family, tokenizer) = Load(name);
        foreach (var word in Vocabulary.Words.Where(w => w.All(char.IsAsciiLetter)).Except(Vocabulary.Categories.Select(c => c.Plural())))
        {
            var ids = tokenizer.Encode($"the {word}", addSpecialTokens: false);
            ids[^1].Should().Be(family.Tokenizer.IdOf(family.Marked(word)), $"'{word}' is one token behind a space");
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Encode_AnswerAtItsPlace_IsOneToken(string name)
    {
        var (family, tokenizer) = Load(name);
        var (end, separator) = family.AnswerStart;
        var before = tokenizer.Encode(end).Length;
        foreach (var answer in Vocabulary.Categories.Select(c => c.Word()).Concat(Vocabulary.Numbers)
                     .Concat([Vocabulary.Yes, Vocabulary.No, Vocabulary.Left, Vocabulary.Right, Vocabulary.Top, Vocabulary.Bottom]))
            tokenizer.Encode(end + separator + answer).Should().HaveCount(before + 1, $"'{answer}' is one token");
    }

    [Theory, MemberData(nameof(Families))]
    public void Decode_AnyText_ComesBack(string name)
    {
        var (_, tokenizer) = Load(name);
        foreach (var text in (string[])["Is there a zebra in the image?", "Wie viele Bäume? 東京 🙂", "tree, cup, star", "two\nlines"])
            tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false)).Trim().Should().Be(text);
    }

    [Theory, MemberData(nameof(Families))]
    public void VocabularySize_IsOneMoreThanTheHighestId(string name)
    {
        var (family, tokenizer) = Load(name);
        tokenizer.VocabularySize.Should().Be(family.Tokenizer.VocabularySize);
        tokenizer.IdToToken(family.Tokenizer.VocabularySize - 1).Should().NotBeNull();
    }

    [Fact]
    public void ByName_UnknownFamily_SaysWhichThereAre() =>
        FluentActions.Invoking(() => FixtureFamily.ByName("blip")).Should().Throw<Vrp.Models.VrpException>()
            .WithMessage("*'blip'*llava, paligemma or qwen2_vl*");
}
