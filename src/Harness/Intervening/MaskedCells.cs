using Vrp.Harness.Measures;
using Vrp.Harness.Tracing;
using Vrp.Models.Generation;

namespace Vrp.Harness.Intervening;

/// <summary>Chooses the cells that a masking arm hides, by the attention of the last prompt position.</summary>
static class MaskedCells
{
    /// <param name="trace">For the attention.</param>
    /// <param name="row">The question's row in it.</param>
    /// <param name="plan">Layers, share and seed.</param>
    /// <param name="arm">A masking arm.</param>
    public static int[] Choose(TraceSet trace, int row, InterventionPlan plan, InterventionArm arm)
    {
        if (arm.Patches == MaskedPatches.Full) return [];
        var record = trace.Records[row];
        int cells = record.GridHeight * record.GridWidth, hidden = (int)Math.Ceiling(plan.MaskingShare * cells);
        if (arm.Patches == MaskedPatches.Random) return Draw(cells, hidden, plan.Seed, TracePass.SeedOf(record.Question.Image), arm.Draw);

        var attention = trace.Attention(row);
        var layerSize = trace.Facts.Heads * cells;
        var layers = plan.MaskingLayers.Count > 0 ? plan.MaskingLayers : [.. Enumerable.Range(0, trace.Facts.Layers)];
        var map = AttentionMap.Mean([.. layers.Select(layer => AttentionMap.OfHeads(attention.AsSpan(layer * layerSize, layerSize), trace.Facts.Heads,
            record.GridHeight, record.GridWidth))]);
        var mass = map.Mass.ToArray();
        var order = Enumerable.Range(0, cells).OrderByDescending(cell => mass[cell]).ThenBy(cell => cell);
        return [.. (arm.Patches == MaskedPatches.High ? order.Take(hidden) : order.TakeLast(hidden)).Order()];
    }

    /// <summary>The first <paramref name="count"/> of a shuffle (Fisher and Yates) that only depends on the arguments.</summary>
    static int[] Draw(int cells, int count, ulong seed, long imageSeed, int draw)
    {
        int[] order = [.. Enumerable.Range(0, cells)];
        for (var i = 0; i < count; i++)
        {
            var other = i + (int)(CounterRandom.Uniform(seed, imageSeed, draw, i) * (cells - i));
            (order[i], order[other]) = (order[other], order[i]);
        }
        return [.. order.Take(count).Order()];
    }
}
