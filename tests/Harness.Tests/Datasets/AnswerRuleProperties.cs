using FsCheck;
using FsCheck.Xunit;
using Vrp.Harness.Datasets;
using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Tests.Datasets;

public class AnswerRuleProperties
{
    static readonly string[] small =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
            "sixteen", "seventeen", "eighteen", "nineteen"];

    static readonly string[] tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    static readonly AliasTable aliases = AliasTable.Parse("""{"boat": ["ship", "sailing boat"]}""", "test");

    [Property(MaxTest = 1000)]
    public bool Score_AnyText_IsJudgedWithoutAnError(string? text)
    {
        var answer = text ?? "";
        return Golds().All(question => new AnswerScorer(aliases).Score(question, answer) is { Status: not AnswerStatus.Unjudged } scored
            && (scored.Parsed is null) == (scored.Status == AnswerStatus.Unparsed));
    }

    [Theory]
    [InlineData("\ud800 yes \udc00")]
    [InlineData("\u0000\u200b\ufeff")]
    [InlineData("١٢٣ 𝟙 ½ Ⅳ")]
    public void Score_OddUnicode_IsJudgedWithoutAnError(string answer) =>
        Golds().Select(question => new AnswerScorer(aliases).Score(question, answer).Status).Should().OnlyContain(s => s == AnswerStatus.Unparsed
            || s == AnswerStatus.Wrong);

    [Property]
    public bool NumberAnswer_DigitsAndWordsOfTheSameNumber_Agree(NonNegativeInt value)
    {
        var number = value.Get % 10_000 % 1000;
        return NumberAnswer.Parse($"There are {number} of them.") == number && NumberAnswer.Parse($"There are {Spelled(number)} of them.") == number
            && NumberAnswer.Parse(Spelled(number).Replace(" and ", " ").Replace('-', ' ')) == number;
    }

    [Property]
    public bool NumberAnswer_TwoDifferentNumbers_AreUnparsed(NonNegativeInt first, NonNegativeInt second) =>
        first.Get == second.Get || NumberAnswer.Parse($"{first.Get} or maybe {second.Get}") is null;

    static IEnumerable<Question> Golds() =>
        from gold in new (QuestionKind Kind, string Answer)[]
        {
            (QuestionKind.YesNo, "no"), (QuestionKind.Count, "two"), (QuestionKind.Spatial, "left"), (QuestionKind.Spatial, "top"),
            (QuestionKind.Identify, "boat"), (QuestionKind.Open, "boat"),
        }
        select new Question("id", "a.png", "/a.png", "?", gold.Kind, [gold.Answer], "a.png");

    static string Spelled(int number) =>
        number < 20 ? small[number]
        : number < 100 ? tens[number / 10 - 2] + (number % 10 == 0 ? "" : "-" + small[number % 10])
        : small[number / 100] + " hundred" + (number % 100 == 0 ? "" : " and " + Spelled(number % 100));
}
