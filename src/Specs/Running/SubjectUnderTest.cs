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

    /// <summary>What became of a claim.</summary>
    public ClaimResult Verdict<TClaim>() where TClaim : Claim => Study[ClaimRegistry.Get<TClaim>().Id];

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public void Serialize(IXunitSerializationInfo info) => info.AddValue(nameof(Name), Name);

    /// <inheritdoc/>
    public void Deserialize(IXunitSerializationInfo info) => Name = info.GetValue<string>(nameof(Name))!;
}
