using Xunit;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A spec of a claim: run once per subject of vrp.json (once in all for a claim over several subjects), under a display name that carries subject and expected verdict.
/// The method takes one <see cref="ClaimSpec"/>.</summary>
/// <param name="id">The claim's id in the catalogue (docs/claims.md).</param>
[XunitTestCaseDiscoverer("Vrp.Specs.ClaimDiscoverer", "Vrp.Specs")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClaimAttribute(string id) : FactAttribute
{
    /// <summary>The claim.</summary>
    public string Id { get; } = id;
}
