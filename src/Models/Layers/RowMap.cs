using TorchSharp;
using static TorchSharp.torch;

namespace Vrp.Models.Layers;

/// <summary>Which of several shared parts each row of a batch continues from: brings the rows of one part together, so that one product serves them all, and
/// apart again. Where parts have different numbers of rows, the shorter ones are filled up with copies of the first row, which nothing reads back.</summary>
sealed class RowMap : IDisposable
{
    readonly int parts, most;
    readonly Tensor? gather, scatter;                                                    // null: every part has as many rows, next to each other

    /// <param name="partOf">Each row's part.</param>
    /// <param name="parts">How many there are; some may have no row.</param>
    /// <param name="device">Of the tensors to be arranged.</param>
    public RowMap(IReadOnlyList<int> partOf, int parts, Device device)
    {
        (PartOf, this.parts) = (partOf, parts);
        var counts = new int[parts];
        foreach (var part in partOf) counts[part]++;
        most = counts.Max();
        if (partOf.Count == parts * most && partOf.Select((part, row) => part == row / most).All(inOrder => inOrder)) return;

        Array.Clear(counts);
        var (from, to) = (new long[parts * most], new long[partOf.Count]);
        for (var row = 0; row < partOf.Count; row++)
        {
            var place = partOf[row] * most + counts[partOf[row]]++;
            (from[place], to[row]) = (row, place);
        }
        using var scope = NewDisposeScope();
        (gather, scatter) = (tensor(from).to(device).DetachFromDisposeScope(), tensor(to).to(device).DetachFromDisposeScope());
    }

    /// <summary>Each row's part.</summary>
    public IReadOnlyList<int> PartOf { get; }

    /// <summary>x [R,G,n,m] → [parts,G,most·n,m]</summary>
    public Tensor Together(Tensor x)
    {
        long groups = x.shape[1], n = x.shape[2], m = x.shape[3];
        if (gather is not null) x = x.index_select(0, gather);
        return most == 1 ? x : x.reshape(parts, most, groups, n, m).transpose(1, 2).reshape(parts, groups, most * n, m);
    }

    /// <summary>The way back: [parts,G,most·n,m] → [R,G,n,m]</summary>
    public Tensor Apart(Tensor x)
    {
        long groups = x.shape[1], n = x.shape[2] / most, m = x.shape[3];
        if (most > 1) x = x.view(parts, groups, most, n, m).transpose(1, 2).reshape(parts * most, groups, n, m);
        return scatter is null ? x : x.index_select(0, scatter);
    }

    public void Dispose()
    {
        gather?.Dispose();
        scatter?.Dispose();
    }
}
