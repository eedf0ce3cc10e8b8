using Vrp.Harness.Datasets.Answers;

namespace Vrp.Harness.Tests.Datasets;

/// <summary>One table of cases per rule; null is "unparsed".</summary>
public class AnswerRuleTests
{
    [Theory]
    [InlineData("yes", "yes")]
    [InlineData("Yes.", "yes")]
    [InlineData("YES!", "yes")]
    [InlineData("  yes, there is a dog in the image.", "yes")]
    [InlineData("**Yes**, clearly", "yes")]
    [InlineData("\"No\"", "no")]
    [InlineData("No, there is no dog.", "no")]
    [InlineData("No. Yes would be wrong.", "no")]
    [InlineData("yes\n", "yes")]
    [InlineData("Yes and no", null)]
    [InlineData("yes or no", null)]
    [InlineData("Yes/No", null)]
    [InlineData("no, yes", null)]
    [InlineData("There is no dog.", null)]
    [InlineData("Yesterday", null)]
    [InlineData("None", null)]
    [InlineData("I cannot tell", null)]
    [InlineData("y", null)]
    [InlineData("", null)]
    [InlineData("?!", null)]
    [InlineData("да", null)]
    public void StrictYesNo_Table(string answer, string? expected) => StrictYesNo.Parse(answer).Should().Be(expected);

    [Theory]
    [InlineData("Yes", "yes")]
    [InlineData("No", "no")]
    [InlineData("no, there is none", "no")]
    [InlineData("There is not a dog.", "no")]
    [InlineData("There is a dog. No cat.", "yes")]      // the first sentence only
    [InlineData("NO", "yes")]                           // the script knows No and no alone
    [InlineData("No!", "yes")]                          // and does not strip other marks
    [InlineData("", "yes")]
    [InlineData("I cannot tell", "yes")]
    public void PopeYesNo_Table(string answer, string expected) => PopeYesNo.Parse(answer).Should().Be(expected);

    [Theory]
    [InlineData("3", 3L)]
    [InlineData("three", 3L)]
    [InlineData("Three.", 3L)]
    [InlineData("There are 3 dogs.", 3L)]
    [InlineData("There are three dogs.", 3L)]
    [InlineData("3 (three)", 3L)]
    [InlineData("zero", 0L)]
    [InlineData("none", 0L)]
    [InlineData("There are no dogs.", 0L)]
    [InlineData("twenty-one", 21L)]
    [InlineData("twenty one", 21L)]
    [InlineData("one hundred and five", 105L)]
    [InlineData("two hundred", 200L)]
    [InlineData("1,000", 1000L)]
    [InlineData("12.", 12L)]
    [InlineData("eleven", 11L)]
    [InlineData("two or three", null)]
    [InlineData("2-3", null)]
    [InlineData("2.5", null)]
    [InlineData("-2", null)]
    [InlineData("minus two", null)]
    [InlineData("two and a half", null)]
    [InlineData("1/2", null)]
    [InlineData("many", null)]
    [InlineData("someone", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("", null)]
    public void NumberAnswer_Table(string answer, long? expected) => NumberAnswer.Parse(answer).Should().Be(expected);

    [Theory]
    [InlineData("left", "left", "left")]
    [InlineData("On the left.", "right", "left")]
    [InlineData("It is on the right side of the image", "left", "right")]
    [InlineData("the left-hand side", "left", "left")]
    [InlineData("top left", "left", "left")]
    [InlineData("top left", "bottom", "top")]
    [InlineData("upper half", "top", "top")]
    [InlineData("Lower", "top", "bottom")]
    [InlineData("left or right", "left", null)]
    [InlineData("not on the left", "left", null)]
    [InlineData("It isn't left", "left", null)]
    [InlineData("top", "left", null)]
    [InlineData("in the middle", "left", null)]
    [InlineData("bright", "right", null)]
    [InlineData("", "left", null)]
    public void PlaceAnswer_Table(string answer, string gold, string? expected) => PlaceAnswer.Parse(answer, gold).Should().Be(expected);

    static readonly AliasTable aliases = AliasTable.Parse("""{"boat": ["ship", "sailing boat"], "bus": ["coach"], "cherry": []}""", "test");

    [Theory]
    [InlineData("boat", "boat")]
    [InlineData("A boat.", "boat")]
    [InlineData("the Ship", "boat")]
    [InlineData("Boats", "boat")]
    [InlineData("It is a small red boat.", "boat")]
    [InlineData("It's a sailing boat", "boat")]
    [InlineData("The red object is a boat. It floats.", "boat")]
    [InlineData("There are boats", "boat")]
    [InlineData("boat house", "boat house")]
    [InlineData("steamboat", "steamboat")]
    [InlineData("coach", "bus")]
    [InlineData("buses", "bus")]
    [InlineData("It is not a boat.", null)]
    [InlineData("There is no boat", null)]
    [InlineData("", null)]
    [InlineData("...", null)]
    public void NameAnswer_Table(string answer, string? expected) => NameAnswer.Parse(answer, ["boat"], aliases).Should().Be(expected);

    [Fact]
    public void NameAnswer_SeveralAcceptedNames_CountAsTheFirst() =>
        NameAnswer.Parse("a feline", ["cat", "feline"], AliasTable.Empty).Should().Be("cat");

    [Theory]
    [InlineData("boat, bus", "boat bus")]
    [InlineData("I see two ships and a bus.", "boat bus")]
    [InlineData("A bowl of cherries", "cherry")]
    [InlineData("There is a boat but no bus.", "boat")]
    [InlineData("a boat without a bus", "boat")]
    [InlineData("There isn't any boat", "")]
    [InlineData("busy steamboats", "")]
    [InlineData("No boat here. The boat is elsewhere.", "boat")]
    [InlineData("", "")]
    public void ObjectListAnswer_Table(string answer, string expected) =>
        string.Join(' ', ObjectListAnswer.Parse(answer, ["boat", "bus", "cherry"], aliases)).Should().Be(expected);

    [Theory]
    [InlineData("""{"boat": ["ship"], "vessel": ["ship"]}""", "a.json: \"ship\" stands for both*")]
    [InlineData("""{"boat": null}""", "a.json: \"boat\" needs a list of words*")]
    [InlineData("""{"boat": ["the"]}""", "a.json: \"boat\" needs a list of words, none of them empty*")]
    [InlineData("""{"boat": "ship"}""", "a.json: expected a JSON object of name to list*")]
    [InlineData("""[]""", "a.json: expected a JSON object of name to list*")]
    public void AliasTable_UnusableTable_SaysWhatIsWrong(string json, string message)
    {
        var parse = () => AliasTable.Parse(json, "a.json");
        parse.Should().Throw<Vrp.Harness.Datasets.DatasetException>().WithMessage(message);
    }
}
