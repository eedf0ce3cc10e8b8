using Vrp.Harness.Claims;
using Vrp.Harness.Ledgers;
using Vrp.Models;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>Makes one test case per claim and subject.</summary>
/// <param name="diagnostics">Where xUnit wants its own troubles told.</param>
public sealed class ClaimDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var (display, options) = (discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault());
        var id = factAttribute.GetNamedArgument<string>(nameof(ClaimAttribute.Id));
        try
        {
            var claim = ClaimCatalogue.Get(id);
            var session = SpecSession.Current;
            string[] subjects = claim.IsOverSubjects ? [Ledger.AllSubjects] : [.. session.Config.Subjects.Select(subject => subject.Name)];
            return [.. subjects.Select(subject => new ClaimTestCase(diagnostics, display, options, testMethod, id, subject, session.Ledger.Find(id, subject)?.Expected.ToString() ?? "New"))];
        }
        catch (Exception error) when (error is VrpException or IOException or UnauthorizedAccessException)
        {
            // A configuration that cannot be read must fail the run: specs that are not discovered would pass in silence.
            return [new ExecutionErrorTestCase(diagnostics, display, options, testMethod, error.Message)];
        }
    }
}
