using System.Reflection;
using Vrp.Harness.Claims;
using Vrp.Harness.Ledgers;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Vrp.Specs;

/// <summary>Runs a <c>[Theory]</c> once per subject of vrp.json (once in all for a claim over several subjects), under a name that carries subject and expected verdict.
/// The method takes one <see cref="ClaimSpec"/>.</summary>
/// <param name="id">The claim's id in the catalogue (docs/claims.md).</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClaimAttribute(string id) : DataAttribute
{
    /// <summary>The claim.</summary>
    public string Id => id;

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var session = SpecSession.Current;
        string[] subjects = ClaimCatalogue.Get(id).IsOverSubjects ? [Ledger.AllSubjects] : [.. session.Config.Subjects.Select(subject => subject.Name)];
        return new([.. subjects.Select(subject => Row(testMethod, subject, session.Ledger.Find(id, subject)?.Expected.ToString() ?? "New"))]);
    }

    TheoryDataRow<ClaimSpec> Row(MethodInfo method, string subject, string expected) => new TheoryDataRow<ClaimSpec>(new ClaimSpec(id, subject, method.ReflectedType!.Name, method.Name))
    {
        Label = $"{subject}, expected {expected}",
        Traits = { ["claim"] = [id], ["subject"] = [subject], ["expected"] = [expected] },
    };
}
