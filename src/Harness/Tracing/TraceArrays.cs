namespace Vrp.Harness.Tracing;

/// <summary>The large arrays of a trace: in memory, or read from a store when they are asked for (a 7B model's maps of 3,090 samples are 7 GB).</summary>
public abstract class TraceArrays
{
    /// <summary><c>blocks.{layer}.resid_post</c> at the last prompt position: float32 [n × D], sample by sample.</summary>
    public abstract float[] States(int layer);

    /// <summary><c>blocks.{layer}.mlp.out</c> at the last prompt position: float32 [n × D], sample by sample.</summary>
    public abstract float[] MlpOut(int layer);

    /// <summary>Attention of the last prompt position on the image tokens, not renormalised: float32 [L × H × N], N the cells of the sample's grid,
    /// row-major.</summary>
    public abstract float[] Attention(int sample);

    /// <summary>The same, as the mean over the tokens of the greedy answer (queries: the answer's tokens without the end token); null where the trace was made
    /// without.</summary>
    public abstract float[]? AnswerAttention(int sample);
}
