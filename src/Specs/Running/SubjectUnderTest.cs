using System.ComponentModel;
using Vrp.Harness.Claims;
using Xunit.Sdk;

namespace Vrp.Specs;

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

    /// <summary>A row of metrics.json. A null kind or layer matches any; a null arm only rows without one.</summary>
    /// <exception cref="MissingEstimateException">There is none.</exception>
    public StudyEstimate Estimate(string claim, string measure, string? kind = null, int? layer = null, string? arm = null) => Study.Select(Name, claim, measure, kind, layer, arm);

    /// <summary>The verdict on a claim of the catalogue.</summary>
    public ClaimResult Verdict(string claim) => Study[ClaimCatalogue.Get(claim).Id];

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public void Serialize(IXunitSerializationInfo info) => info.AddValue(nameof(Name), Name);

    /// <inheritdoc/>
    public void Deserialize(IXunitSerializationInfo info) => Name = info.GetValue<string>(nameof(Name))!;
}
