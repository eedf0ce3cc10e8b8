using Vrp.Harness.Measures;
using Vrp.Harness.Statistics;

namespace Vrp.Harness.Claims;

/// <summary>What the claims need of one question's attention maps.</summary>
/// <param name="EntropyByLayer">H_s of the mean over heads, nats.</param>
/// <param name="ImageMassByLayer">Share of the attention that falls on the image.</param>
/// <param name="Map">M: mean over heads, renormalised, mean over layers.</param>
/// <param name="Features">Of <paramref name="Map"/>: H_s, C_k in both variants and the others.</param>
/// <param name="HeadEntropies">Entropy of each kept head's own map, nats.</param>
sealed record AttentionReading(double[] EntropyByLayer, double[] ImageMassByLayer, AttentionMap Map, AttentionFeatures Features, double[] HeadEntropies);

/// <summary>The attention of all rows; the maps themselves are read once, a question at a time.</summary>
sealed class AttentionSummary
{
    readonly IReadOnlyDictionary<string, AttentionReading> readings;

    AttentionSummary(IReadOnlyDictionary<string, AttentionReading> readings, int[] keptHeads) => (this.readings, KeptHeads) = (readings, keptHeads);

    /// <summary>Layer·heads + head of every kept head: those with some weight on the image in every question.</summary>
    public int[] KeptHeads { get; }

    public AttentionReading this[StudyRow row] => readings[row.Id];

    /// <exception cref="NotFiniteException">A NaN or an infinity among the weights. A map that sums to 0: <see cref="OutOfDomainException"/>.</exception>
    public static AttentionSummary Compute(StudyContext study)
    {
        var (facts, rows) = (study.Trace.Facts, study.Rows);
        if (rows.Count == 0) throw new NotRunException("there is no question with a judged answer.");
        var heads = facts.Layers * facts.Heads;
        var readings = new (AttentionMap[] ByLayer, AttentionMap Mean, double[] OfHeads)[rows.Count];
        InParallel.For(rows.Count, i =>
        {
            var record = rows[i].Record;
            var weights = study.Trace.Attention(rows[i].Place);
            var cells = record.GridHeight * record.GridWidth;
            var maps = new AttentionMap[facts.Layers];
            for (var layer = 0; layer < maps.Length; layer++)
                maps[layer] = AttentionMap.OfHeads(weights.AsSpan(layer * facts.Heads * cells, facts.Heads * cells), facts.Heads, record.GridHeight,
                    record.GridWidth);
            var mean = AttentionMap.Mean(maps);
            var own = new double[heads];
            for (var head = 0; head < heads; head++)
            {
                // All finite: OfHeads has seen them. A head without weight on the image has no map: NaN marks it until such heads are left out below.
                var span = weights.AsSpan(head * cells, cells);
                own[head] = span.ContainsAnyExcept(0f) ? Entropy.OfMap(AttentionMap.Renormalise(span, record.GridHeight, record.GridWidth)) : double.NaN;
            }

            readings[i] = (maps, mean, own);
        });
        int[] kept = [.. Enumerable.Range(0, heads).Where(head => readings.All(reading => !double.IsNaN(reading.OfHeads[head])))];
        if (kept.Length == 0) throw new NotRunException("no attention head puts weight on the image for every question, so heads have no entropies to "
            + "compare.");
        var done = new AttentionReading[rows.Count];
        InParallel.For(rows.Count, i =>
        {
            var (maps, mean, own) = readings[i];
            double[] ofHeads = [.. kept.Select(head => own[head])];
            done[i] = new AttentionReading([.. maps.Select(Entropy.OfMap)], [.. maps.Select(map => map.ImageMass)], mean,
                AttentionFeatures.Compute(mean, ofHeads), ofHeads);
        });
        return new AttentionSummary(rows.Zip(done).ToDictionary(pair => pair.First.Id, pair => pair.Second), kept);
    }
}
