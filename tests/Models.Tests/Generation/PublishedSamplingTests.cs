using Vrp.Models.Checkpoints;
using Vrp.Models.Generation;
using Vrp.Models.Tests.Checkpoints;

namespace Vrp.Models.Tests.Generation;

public sealed class PublishedSamplingTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null, null)]
    [InlineData("""{"eos_token_id": 2}""", null)]
    [InlineData("""{"do_sample": true, "temperature": 0.01, "top_k": 1, "top_p": 0.001}""", "temperature 0.01, top_k 1, top_p 0.001")]
    [InlineData("""{"repetition_penalty": 1.05}""", "repetition_penalty 1.05")]
    public void Of_GenerationConfig_SaysItsSettings(string? file, string? said)
    {
        SmallCheckpoint.Write(folder);
        if (file is not null) folder.Write("generation_config.json", file);
        PublishedSampling.Of(Checkpoint.Open(folder.Root)).Should().Be(said);
    }

    /// <summary>The greedy answers of the goldens are transformers', which applies a penalty for repetition to greedy decoding too; here none is.</summary>
    [Theory, MemberData(nameof(Goldens.Models), MemberType = typeof(Goldens))]
    public void Goldens_GreedyAnswers_WereMadeWithoutAPenaltyForRepetition(string model) =>
        (PublishedSampling.Of(Checkpoint.Open(Goldens.At("models", model))) ?? "").Should().NotMatchRegex("repetition_penalty (?!1$)");
}
