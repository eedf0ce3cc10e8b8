using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Reporting;

namespace Vrp.Harness.Tests.Reporting;

public class AnswerReasonTests
{
    [Theory]
    [InlineData("yes-no", "No, it is not.", "yes", "wrong", "read as \"no\"; the gold answer is \"yes\"")]
    [InlineData("yes-no", "Perhaps", "yes", "unparsed", "does not begin with yes or no, so it cannot be read and counts as wrong")]
    [InlineData("yes-no", "Yes.", "yes", "correct", "read as \"yes\", which is the gold answer")]
    [InlineData("count", "There are two dogs", "3", "wrong", "read as \"2\"; the gold answer is \"3\"")]
    [InlineData("count", "many", "3", "unparsed", "names no number, or more than one, so it cannot be read and counts as wrong")]
    [InlineData("spatial", "left", "right", "wrong", "read as \"left\"; the gold answer is \"right\"")]
    [InlineData("identify", "cat", "dog", "wrong", "read, and not as \"dog\"")]
    [InlineData("identify", "?", "dog", "unparsed", "names nothing that the question accepts, so it cannot be read and counts as wrong")]
    [InlineData("open", "a street", "", "unjudged", "has neither a gold answer nor a judgement, so it counts neither as right nor as wrong")]
    public void Of_Answer_SaysHowItWasRead(string kind, string answer, string gold, string label, string expected) =>
        AnswerReason.Of(SampleReports.Studies[0].Questions[0] with { Kind = kind, Answer = answer, Gold = gold.Length > 0 ? [gold] : [],
            Label = Enum.Parse<AnswerStatus>(label, ignoreCase: true) }).Should().Be(expected);
}
