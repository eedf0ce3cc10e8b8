using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Vrp.Specs;

/// <summary>Runs a <c>[Theory]</c> once per subject of vrp.json, for specs of one's own: the method takes a <see cref="SubjectUnderTest"/>.
/// Where an optional subject did not run, asking for its study skips the test.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubjectsAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. SpecSession.Current.Config.Subjects.Select(subject => new TheoryDataRow<SubjectUnderTest>(new SubjectUnderTest(subject.Name))
        {
            Label = subject.Name,
            Traits = { ["subject"] = [subject.Name] },
        })]);
}
