using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A claim's spec for one subject.</summary>
public sealed class ClaimTestCase : XunitTestCase
{
    string claim = "", subject = "", expected = "";

    /// <summary>For xUnit, which makes an empty one and fills it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never), Obsolete("Called by xUnit alone.")]
    public ClaimTestCase()
    {
    }

    internal ClaimTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, string claim, string subject, string expected)
        : base(diagnostics, display, options, method) => (this.claim, this.subject, this.expected) = (claim, subject, expected);

    /// <inheritdoc/>
    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) => $"{base.GetDisplayName(factAttribute, displayName)} [{subject}, expected {expected}]";

    /// <inheritdoc/>
    protected override string GetUniqueID() => $"{base.GetUniqueID()}:{subject}";

    /// <inheritdoc/>
    protected override void Initialize()
    {
        base.Initialize();
        Traits["claim"] = [claim];
        Traits["subject"] = [subject];
        Traits["expected"] = [expected];
    }

    /// <inheritdoc/>
    public override Task<RunSummary> RunAsync(IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        var session = SpecSession.Current;
        session.Watch(diagnosticMessageSink);
        var skip = SkipReason ?? session.ReasonToLeaveOut(subject);
        return new XunitTestCaseRunner(this, DisplayName, skip, constructorArguments, [new ClaimSpec(session, claim, subject, TestMethod.TestClass.Class.Name, TestMethod.Method.Name)],
            messageBus, aggregator, cancellationTokenSource).RunAsync();
    }

    /// <inheritdoc/>
    public override void Serialize(IXunitSerializationInfo data)
    {
        data.AddValue(nameof(claim), claim);
        data.AddValue(nameof(subject), subject);
        data.AddValue(nameof(expected), expected);
        base.Serialize(data);
    }

    /// <inheritdoc/>
    public override void Deserialize(IXunitSerializationInfo data)
    {
        (claim, subject, expected) = (data.GetValue<string>(nameof(claim)), data.GetValue<string>(nameof(subject)), data.GetValue<string>(nameof(expected)));
        base.Deserialize(data);
    }
}
