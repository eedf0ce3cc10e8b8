using Vrp.Harness.Storage;

namespace Vrp.Harness.Tracing;

/// <summary>Arrays of a stored trace, read when they are asked for.</summary>
sealed class StoredTraceArrays : TraceArrays
{
    readonly IReadOnlyList<StoredBlock> blocks;
    readonly int[] rows;
    readonly (int Block, int Row, long MapStart, long MapSize)[] places;
    readonly int layers, hidden;

    /// <param name="blocks">All blocks.</param>
    /// <param name="rows">The stored row of each sample wanted.</param>
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
    public override float[] Attention(int sample) => Map("attention", sample)!;

    /// <inheritdoc/>
    public override float[]? AnswerAttention(int sample) => Map("answer_attention", sample);

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

    float[]? Map(string name, int sample)
    {
        var (block, _, start, size) = places[rows[sample]];
        var arrays = blocks[block].Arrays;
        return arrays.Has(name) ? arrays.ReadFloats(name, start, size) : null;
    }
}
