using System.Reflection;
using Vrp.Harness.Claims;
using Xunit.Sdk;
using Xunit.v3;

namespace Vrp.Specs.Tests.Running;

public sealed class SpecDataTests
{
    static readonly MethodInfo Method = typeof(SpecDataTests).GetMethod(nameof(Claim_OfOneSubject_IsOneCasePerSubject))!;

    [Fact]
    public async Task Claim_OfOneSubject_IsOneCasePerSubject()
    {
        var rows = await Rows(new ClaimAttribute<Fusion>());
        rows.Select(row => row.Label).Should().Equal("llava, expected New", "missing, expected New", "optional, expected New");
        rows[0].Traits!.Select(trait => $"{trait.Key}={trait.Value.Single()}").Should().BeEquivalentTo("claim=fusion", "subject=llava", "expected=New");
        rows.Select(row => ((ClaimSpec)row.GetData().Single()!).Subject)
            .Should().Equal(TinyConfiguration.Subject, TinyConfiguration.Missing, TinyConfiguration.Optional);
    }

    [Fact]
    public async Task Claim_OverSubjects_IsOneCaseInAll() =>
        (await Rows(new ClaimAttribute<ArchitectureSplit>())).Select(row => row.Label).Should().Equal("all, expected New");

    [Fact]
    public async Task Subjects_OfTheConfiguration_AreAllThere() =>
        (await Rows(new SubjectsAttribute())).Select(row => (row.Label, row.GetData().Single()!.ToString())).Should()
            .Equal((TinyConfiguration.Subject, TinyConfiguration.Subject), (TinyConfiguration.Missing, TinyConfiguration.Missing),
                (TinyConfiguration.Optional, TinyConfiguration.Optional));

    [Fact]
    public async Task Rows_SentToTheTestHost_ComeBackAsTheyWere()
    {
        var spec = (ClaimSpec)(await Rows(new ClaimAttribute<Fusion>()))[0].GetData().Single()!;
        var back = SerializationHelper.Instance.Deserialize<ClaimSpec>(SerializationHelper.Instance.Serialize(spec))!;
        (back.Claim.Id, back.Subject).Should().Be(("fusion", TinyConfiguration.Subject));
    }

    static async Task<ITheoryDataRow[]> Rows(DataAttribute attribute)
    {
        await using var tracker = new DisposalTracker();
        return [.. await attribute.GetData(Method, tracker)];
    }
}
