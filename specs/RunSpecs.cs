using System.Reflection;

namespace Vrp.Reliability;

/// <summary>What has to hold of the run and of the files beside the specs.</summary>
public sealed class RunSpecs
{
    [Theory, Subjects]
    public void Every_answer_is_right_or_wrong_as_verified(SubjectUnderTest subject) => new SpecSnapshots(SpecSession.Current, subject.Name).VerifySamples();

    [Fact]
    public void No_verified_file_is_stale() =>
        SpecSnapshots.Stale(SpecSession.Current, typeof(RunSpecs).Assembly).Select(stale => stale.Text).Should().BeEmpty();

    [Fact]
    public void Every_claim_of_the_catalogue_has_a_spec() => typeof(RunSpecs).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        .Select(method => method.GetCustomAttribute<ClaimAttribute>()?.Id).OfType<string>()
        .Should().BeEquivalentTo(ClaimRegistry.All.Select(claim => claim.Id));

    [Fact]
    public void Inconclusive_stays_the_exception_in_the_ledger()
    {
        var entries = SpecSession.Current.Ledger.Entries;
        entries.Should().NotBeEmpty();
        (entries.Count(entry => entry.Expected == Verdict.Inconclusive) / (double)entries.Count).Should().BeLessThanOrEqualTo(0.25);
    }
}
