namespace VrpSpecs;

/// <summary>Claims of one's own: a sentence on a measurement, once per model of vrp.json. The whole interval decides, not the point.</summary>
public sealed class ModelSpecs
{
    [Theory, Subjects]
    public void Greedy_answers_are_right_more_often_than_one_in_four(SubjectUnderTest subject) => subject.Study.Confidence.Accuracy.Should().Exceed(0.25);
}
