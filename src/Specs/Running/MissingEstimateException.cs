using Xunit.Sdk;

namespace Vrp.Specs;

/// <summary>A spec asks for a figure that the run does not have. It never becomes a number, and fails the sentence that needs it.</summary>
public sealed class MissingEstimateException(string message) : XunitException(message)
{
    /// <inheritdoc/>
    public override string? StackTrace => SpecFailedException.WithoutLibraries(base.StackTrace);
}
