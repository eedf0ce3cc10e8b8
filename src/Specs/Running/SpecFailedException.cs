using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A spec that does not hold. Its stack trace shows the spec's own lines, without those of the libraries that called it and that it called.</summary>
public class SpecFailedException(string message) : XunitException(message)
{
    static readonly string[] Libraries = ["at FluentAssertions.", "at System.Reflection.", "at System.RuntimeMethodHandle.", "at InvokeStub_"];

    /// <inheritdoc/>
    public override string? StackTrace => base.StackTrace is not { } whole ? null
        : string.Join(Environment.NewLine, whole.Split(Environment.NewLine).Where(frame => !Libraries.Any(frame.TrimStart().StartsWith)));
}
