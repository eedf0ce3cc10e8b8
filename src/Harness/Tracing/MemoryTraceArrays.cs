namespace Vrp.Harness.Tracing;

/// <summary>Arrays that are there already: small models, and traces made up for tests.</summary>
/// <param name="states">Per layer [n × D].</param>
/// <param name="mlpOut">Per layer [n × D].</param>
/// <param name="attention">Per sample [L × H × N].</param>
/// <param name="answerAttention">Per sample [L × H × N], or null.</param>
public sealed class MemoryTraceArrays(IReadOnlyList<float[]> states, IReadOnlyList<float[]> mlpOut, IReadOnlyList<float[]> attention,
    IReadOnlyList<float[]>? answerAttention = null) : TraceArrays
{
    /// <inheritdoc/>
    public override float[] States(int layer) => states[layer];

    /// <inheritdoc/>
    public override float[] MlpOut(int layer) => mlpOut[layer];

    /// <inheritdoc/>
    public override float[] Attention(int sample) => attention[sample];

    /// <inheritdoc/>
    public override float[]? AnswerAttention(int sample) => answerAttention?[sample];
}
