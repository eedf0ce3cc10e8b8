using System.Reflection;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>Runs a <c>[Theory]</c> once per subject of vrp.json, for specs of one's own: the method takes a <see cref="SubjectUnderTest"/>. An optional subject
/// whose checkpoint is not there is left out.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubjectsAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => SpecSession.Current.Config.Subjects
        .Where(subject => !SpecSession.Current.IsAbsent(subject)).Select(subject => new object[] { new SubjectUnderTest(subject.Name) });
}
