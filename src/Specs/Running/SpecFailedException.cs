// xUnit writes an exception's type before its message, except for those of this namespace: what a spec says should begin the line.
namespace Xunit.Sdk;

/// <summary>A spec that does not hold. Its stack trace shows the spec's own lines, without those of the libraries that called it and that it called.</summary>
sealed class SpecFailedException(string message) : XunitException(message)
{
    static readonly string[] Libraries = ["at FluentAssertions.", "at System.Reflection.", "at System.RuntimeMethodHandle.", "at InvokeStub_"];

    /// <inheritdoc/>
    public override string? StackTrace => WithoutLibraries(base.StackTrace);

    internal static string? WithoutLibraries(string? trace) => trace is null ? null
        : string.Join(Environment.NewLine, trace.Split(Environment.NewLine).Where(frame => !Libraries.Any(frame.TrimStart().StartsWith)));
}
