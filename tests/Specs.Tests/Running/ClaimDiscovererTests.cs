using Vrp.Harness.Claims;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Vrp.Specs.Tests.Running;

public class ClaimDiscovererTests
{
    /// <summary>Specs that are only discovered: nothing of this project runs them.</summary>
    sealed class Discovered
    {
        [Claim("fusion")]
        public void Of_each_subject(ClaimSpec claim) => claim.Judged();

        [Claim("architecture-split")]
        public void Over_all(ClaimSpec claim) => claim.Judged();

        [Claim("no-such-claim")]
        public void Of_nothing(ClaimSpec claim) => claim.Judged();
    }

    static IXunitTestCase[] Discover(string method)
    {
        var sink = new NullMessageSink();
        var collection = new TestCollection(new TestAssembly(Reflector.Wrap(typeof(Discovered).Assembly)), null, "specs");
        var type = Reflector.Wrap(typeof(Discovered));
        var test = new TestMethod(new TestClass(collection, type), type.GetMethod(method, false));
        return [.. new ClaimDiscoverer(sink).Discover(TestFrameworkOptions.ForDiscovery(), test, test.Method.GetCustomAttributes(typeof(ClaimAttribute)).Single())];
    }

    [Fact]
    public void Discover_AClaim_IsACasePerSubjectWithItsExpectation()
    {
        var cases = Discover(nameof(Discovered.Of_each_subject));
        cases.Select(one => one.DisplayName.Split('[')[^1]).Should().Equal("llava, expected New]", "missing, expected New]", "optional, expected New]");
        cases.Select(one => one.UniqueID).Should().OnlyHaveUniqueItems();
        cases[0].Traits["claim"].Should().Equal("fusion");
        cases[0].Traits["subject"].Should().Equal("llava");
    }

    [Fact]
    public void Discover_AClaimOverSubjects_IsOneCase() => Discover(nameof(Discovered.Over_all)).Should().ContainSingle().Which.DisplayName.Should().EndWith("[all, expected New]");

    [Fact]
    public void Discover_AnUnknownClaim_IsACaseThatFails() =>
        Discover(nameof(Discovered.Of_nothing)).Should().ContainSingle().Which.Should().BeOfType<ExecutionErrorTestCase>().Which.ErrorMessage.Should().Contain("no claim \"no-such-claim\"");

    [Fact]
    public void Case_SentToAnotherProcess_IsTheSame()
    {
        var one = (ClaimTestCase)Discover(nameof(Discovered.Of_each_subject))[0];
        var read = SerializationHelper.Deserialize<ClaimTestCase>(SerializationHelper.Serialize(one));
        (read.UniqueID, read.DisplayName).Should().Be((one.UniqueID, one.DisplayName));
    }
}
