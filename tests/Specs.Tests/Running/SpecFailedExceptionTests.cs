using System.Reflection;
using Vrp.Harness.Statistics;
using Xunit.Sdk;

namespace Vrp.Specs.Tests.Running;

public sealed class SpecFailedExceptionTests
{
    [Theory]
    [InlineData(nameof(OfOurs))]
    [InlineData(nameof(OfFluentAssertions))]
    public void StackTrace_OfAFailedSentence_ShowsTheSpecAlone(string sentence)
    {
        SpecSession.Current.Should().NotBeNull("it says how assertions fail");
        var method = GetType().GetMethod(sentence, BindingFlags.NonPublic | BindingFlags.Static)!;
        var invoke = () => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);
        var frames = invoke.Should().Throw<XunitException>().Which.StackTrace!.Split(Environment.NewLine);
        frames[0].Should().Contain(sentence);
        string[] noise = ["System.Reflection", "at FluentAssertions.", "EstimateAssertions"];
        frames.Should().NotContain(frame => noise.Any(frame.Contains));
    }

    [Fact]
    public void StackTrace_BeforeItIsThrown_IsNone() => new SpecFailedException("a sentence").StackTrace.Should().BeNull();

    static void OfOurs() => ((Estimate?)null).Should().Exceed(0.5);

    static void OfFluentAssertions() => 1.Should().Be(2);
}
