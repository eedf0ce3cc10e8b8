using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>What the claims need of the attention maps, by row; the maps themselves are read once, a sample at a time.</summary>
sealed class AttentionSummary
{
    AttentionSummary(int rows) => (EntropyByLayer, ImageMassByLayer, Maps, Features, HeadEntropies) =
        (new double[rows][], new double[rows][], new AttentionMap[rows], new AttentionFeatures[rows], new double[rows][]);

    /// <summary>[row][layer]: H_s of the mean over heads, nats.</summary>
    public double[][] EntropyByLayer { get; }

    /// <summary>[row][layer]: share of the attention that falls on the image.</summary>
    public double[][] ImageMassByLayer { get; }

    /// <summary>M: mean over heads, renormalised, mean over layers.</summary>
    public AttentionMap[] Maps { get; }

    /// <summary>Of <see cref="Maps"/>: H_s, C_k in both variants and the others.</summary>
    public AttentionFeatures[] Features { get; }

    /// <summary>[row][kept head]: entropy of each head's own map, nats.</summary>
    public double[][] HeadEntropies { get; private set; }

    /// <summary>Layer·heads + head of every kept head: those with some weight on the image in every sample.</summary>
    public int[] KeptHeads { get; private set; } = [];

    /// <exception cref="NotFiniteException">A NaN or an infinity among the weights. A map that sums to 0: <see cref="OutOfDomainException"/>.</exception>
    public static AttentionSummary Compute(StudyContext study)
    {
        var facts = study.Trace.Facts;
        var summary = new AttentionSummary(study.Rows.Length);
        if (study.Rows.Length == 0) throw new NotRunException("there is no sample with a judged answer.");
        var heads = facts.Layers * facts.Heads;
        var entropies = new double[study.Rows.Length][];
        InParallel.For(study.Rows.Length, row =>
        {
            var record = study.Record(row);
            var weights = study.Trace.Attention(study.Rows[row]);
            var cells = record.GridHeight * record.GridWidth;
            var maps = new AttentionMap[facts.Layers];
            for (var layer = 0; layer < maps.Length; layer++)
                maps[layer] = AttentionMap.OfHeads(weights.AsSpan(layer * facts.Heads * cells, facts.Heads * cells), facts.Heads, record.GridHeight, record.GridWidth);
            summary.EntropyByLayer[row] = [.. maps.Select(Entropy.OfMap)];
            summary.ImageMassByLayer[row] = [.. maps.Select(map => map.ImageMass)];
            summary.Maps[row] = AttentionMap.Mean(maps);
            var own = new double[heads];
            for (var head = 0; head < heads; head++)
            {
                // All finite: OfHeads has seen them. A head without weight on the image has no map: NaN marks it until such heads are left out below.
                var span = weights.AsSpan(head * cells, cells);
                own[head] = span.ContainsAnyExcept(0f) ? Entropy.OfMap(AttentionMap.Renormalise(span, record.GridHeight, record.GridWidth)) : double.NaN;
            }

            entropies[row] = own;
        });
        summary.KeptHeads = [.. Enumerable.Range(0, heads).Where(head => entropies.All(own => !double.IsNaN(own[head])))];
        if (summary.KeptHeads.Length == 0) throw new NotRunException("no attention head puts weight on the image in every sample, so heads have no entropies to compare.");
        summary.HeadEntropies = [.. entropies.Select(own => summary.KeptHeads.Select(head => own[head]).ToArray())];
        InParallel.For(study.Rows.Length, row => summary.Features[row] = AttentionFeatures.Compute(summary.Maps[row], summary.HeadEntropies[row]));
        return summary;
    }
}
