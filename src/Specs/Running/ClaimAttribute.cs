using System.ComponentModel;
using System.Reflection;
using Vrp.Harness.Claims;
using Vrp.Harness.Ledgers;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Vrp.Specs;

/// <summary>Marks a spec of a claim; specs write <see cref="ClaimAttribute{TClaim}"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ClaimAttribute(Claim claim) : DataAttribute
{
    /// <summary>The claim's id.</summary>
    public string Id => claim.Id;

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var session = SpecSession.Current;
        string[] subjects = claim.IsOverSubjects ? [Ledger.AllSubjects] : [.. session.Config.Subjects.Select(subject => subject.Name)];
        return new([.. subjects.Select(subject => Row(testMethod, subject, session.Ledger.Find(Id, subject)?.Expected.ToString() ?? "New"))]);
    }

    TheoryDataRow<ClaimSpec> Row(MethodInfo method, string subject, string expected) => new(new ClaimSpec(Id, subject, method.ReflectedType!.Name, method.Name))
    {
        Label = $"{subject}, expected {expected}",
        Traits = { ["claim"] = [Id], ["subject"] = [subject], ["expected"] = [expected] },
    };
}

/// <summary>Runs a <c>[Theory]</c> once per subject of vrp.json (once in all for a claim over several subjects), under a name that carries subject and expected
/// verdict. The method takes one <see cref="ClaimSpec"/>.</summary>
/// <typeparam name="TClaim">The claim (docs/claims.md).</typeparam>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClaimAttribute<TClaim>() : ClaimAttribute(ClaimRegistry.Get<TClaim>()) where TClaim : Claim;

/// <summary>Runs a <c>[Theory]</c> once per subject of vrp.json, for specs of one's own: the method takes a <see cref="SubjectUnderTest"/>. Where an optional
/// subject did not run, asking for its study skips the test.</summary>
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

/// <summary>A model of vrp.json in a spec of one's own: its study, its estimates, its verdicts.</summary>
public sealed class SubjectUnderTest : IXunitSerializable
{
    /// <summary>For xUnit, which makes an empty one and fills it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never), Obsolete("Called by xUnit alone.")]
    public SubjectUnderTest() => Name = "";

    internal SubjectUnderTest(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; private set; }

    /// <summary>Everything that its run found; made on first use, once per test run.</summary>
    public StudyResult Study => SpecSession.Current.StudyOf(Name);

    /// <summary>A claim's result.</summary>
    public ClaimResult Verdict<TClaim>() where TClaim : Claim => Study[ClaimRegistry.Get<TClaim>().Id];

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public void Serialize(IXunitSerializationInfo info) => info.AddValue(nameof(Name), Name);

    /// <inheritdoc/>
    public void Deserialize(IXunitSerializationInfo info) => Name = info.GetValue<string>(nameof(Name))!;
}
