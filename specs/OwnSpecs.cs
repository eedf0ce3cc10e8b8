using Vrp.Harness.Datasets.Answers;
using Vrp.Harness.Statistics;

namespace Vrp.Reliability;

/// <summary>Claims that no paper makes. docs/writing-a-spec.md explains this file.</summary>
public sealed class OwnSpecs
{
    [Theory, Subjects]
    public void Fewer_than_a_quarter_of_absent_objects_are_seen(SubjectUnderTest subject)
    {
        var absent = subject.Study.Questions.Where(question => question.Kind == "yes-no" && question.Gold[0] == "no").ToArray();
        double[] seen = [.. absent.Select(question => question.Label == AnswerStatus.Wrong ? 1.0 : 0.0)];
        ClusteredMean.Interval(seen, Groups.From(absent.Select(question => question.Group))).Should().BeBelow(0.25);
    }

    [Theory, Subjects]
    public void Unanimous_answers_are_right_85_times_in_100(SubjectUnderTest subject) =>
        subject.Study.SelfConsistency.PrecisionAt1.Should().Exceed(0.85);
}
