using Vrp.Harness.Storage;

namespace Vrp.Harness.Tracing;

/// <summary>The large arrays of a trace: in memory, or read from a store on demand (a 7B model's maps of 3,090 questions are 7 GB).</summary>
public abstract class TraceArrays
{
    /// <summary><c>blocks.{layer}.resid_post</c> at the last prompt position: float32 [n × D], question by question.</summary>
    public abstract float[] States(int layer);

    /// <summary><c>blocks.{layer}.mlp.out</c> at the last prompt position: float32 [n × D], question by question.</summary>
    public abstract float[] MlpOut(int layer);

    /// <summary>Attention of the last prompt position on the image tokens, not renormalised: float32 [L × H × N], N the cells of the question's grid,
    /// row-major.</summary>
    public abstract float[] Attention(int question);

    /// <summary>The same, as the mean over the tokens of the greedy answer (queries: the answer's tokens without the end token); null where the trace was made
    /// without.</summary>
    public abstract float[]? AnswerAttention(int question);
}

/// <summary>Arrays that are there already: small models, and traces made up for tests.</summary>
/// <param name="states">Per layer [n × D].</param>
/// <param name="mlpOut">Per layer [n × D].</param>
/// <param name="attention">Per question [L × H × N].</param>
/// <param name="answerAttention">Per question [L × H × N], or null.</param>
public sealed class MemoryTraceArrays(IReadOnlyList<float[]> states, IReadOnlyList<float[]> mlpOut, IReadOnlyList<float[]> attention,
    IReadOnlyList<float[]>? answerAttention = null) : TraceArrays
{
    /// <inheritdoc/>
    public override float[] States(int layer) => states[layer];

    /// <inheritdoc/>
    public override float[] MlpOut(int layer) => mlpOut[layer];

    /// <inheritdoc/>
    public override float[] Attention(int question) => attention[question];

    /// <inheritdoc/>
    public override float[]? AnswerAttention(int question) => answerAttention?[question];
}

/// <summary>Arrays of a stored trace, read on demand.</summary>
sealed class StoredTraceArrays : TraceArrays
{
    readonly IReadOnlyList<StoredBlock> blocks;
    readonly int[] rows;
    readonly (int Block, int Row, long MapStart, long MapSize)[] places;
    readonly int layers, hidden;

    /// <param name="blocks">All blocks.</param>
    /// <param name="rows">The stored row of each question wanted.</param>
    /// <param name="cells">Cells of every stored row's grid.</param>
    /// <param name="heads">H.</param>
    /// <param name="layers">L.</param>
    /// <param name="hidden">D.</param>
    public StoredTraceArrays(IReadOnlyList<StoredBlock> blocks, int[] rows, int[] cells, int heads, int layers, int hidden)
    {
        (this.blocks, this.rows, this.layers, this.hidden) = (blocks, rows, layers, hidden);
        places = new (int, int, long, long)[cells.Length];
        for (int block = 0, at = 0; block < blocks.Count; block++)
        {
            long start = 0;
            for (var row = 0; row < blocks[block].Count; row++, at++)
            {
                var size = (long)layers * heads * cells[at];
                places[at] = (block, row, start, size);
                start += size;
            }
        }
    }

    /// <inheritdoc/>
    public override float[] States(int layer) => Layer("states", layer);

    /// <inheritdoc/>
    public override float[] MlpOut(int layer) => Layer("mlp_out", layer);

    /// <inheritdoc/>
    public override float[] Attention(int question) => Map("attention", question)!;

    /// <inheritdoc/>
    public override float[]? AnswerAttention(int question) => Map("answer_attention", question);

    float[] Layer(string name, int layer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)layer, (uint)layers, nameof(layer));
        var read = new float[blocks.Count][];
        Parallel.For(0, blocks.Count, block =>
        {
            var size = (long)blocks[block].Count * hidden;
            read[block] = blocks[block].Arrays.ReadFloats(name, layer * size, size);
        });
        var values = new float[(long)rows.Length * hidden];
        for (var i = 0; i < rows.Length; i++)
        {
            var (block, row, _, _) = places[rows[i]];
            read[block].AsSpan(row * hidden, hidden).CopyTo(values.AsSpan(i * hidden));
        }
        return values;
    }

    float[]? Map(string name, int question)
    {
        var (block, _, start, size) = places[rows[question]];
        var arrays = blocks[block].Arrays;
        return arrays.Has(name) ? arrays.ReadFloats(name, start, size) : null;
    }
}
