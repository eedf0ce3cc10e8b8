using Vrp.Harness.Statistics;

namespace Vrp.Harness.Measures;

/// <summary>C_k, the number of places that attention falls on, in the study's two variants.</summary>
public static class Clusters
{
    /// <summary>C_k, variant <c>k_dbscan</c>: DBSCAN clusters (ε = 1.5 cells, so the eight neighbours; min_samples 3 with the cell itself) of the top tenth of
    /// the cells by rank. 0 = all noise.</summary>
    public static int Dbscan(AttentionMap map) => DbscanLabels(SalientCells.TopByRank(map), map.Width).Max() + 1;

    /// <summary>C_k, variant <c>k_components</c>: 8-connected components of the top 30 % of the mass, minus one (scipy: ndimage.label with a 3×3 structure). 0
    /// = one place.</summary>
    public static int Components(AttentionMap map)
    {
        var labels = DbscanLabels(SalientCells.TopByMass(map), map.Width, minSamples: 1);   // with min_samples 1 every cell is a core: connected components
        return labels.Max();
    }

    /// <summary>DBSCAN (Ester, Kriegel, Sander and Xu 1996) of grid cells under the Euclidean distance: labels from 0 in order of the first core cell, −1 for
    /// noise; a border cell goes to the first cluster that reaches it (scikit-learn: DBSCAN.fit_predict).</summary>
    /// <param name="cells">Ascending row-major indices.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="epsilon">Largest distance of neighbours, in cells.</param>
    /// <param name="minSamples">Neighbours, the cell included, that make a core.</param>
    /// <exception cref="EmptyInputException">No cells.</exception>
    public static int[] DbscanLabels(ReadOnlySpan<int> cells, int width, double epsilon = 1.5, int minSamples = 3)
    {
        Check.NotEmpty("DBSCAN", cells.Length);
        Check.AtLeast("DBSCAN", "columns", 1, width);
        var neighbours = new List<int>[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            neighbours[i] = [];
            for (var j = 0; j < cells.Length; j++)
            {
                double dy = cells[i] / width - cells[j] / width, dx = cells[i] % width - cells[j] % width;
                if (dy * dy + dx * dx <= epsilon * epsilon) neighbours[i].Add(j);
            }
        }

        var labels = new int[cells.Length];
        Array.Fill(labels, -1);
        var cluster = 0;
        var open = new Stack<int>();
        for (var seed = 0; seed < labels.Length; seed++)
        {
            if (labels[seed] >= 0 || neighbours[seed].Count < minSamples) continue;
            open.Push(seed);
            while (open.TryPop(out var cell))
            {
                if (labels[cell] >= 0) continue;
                labels[cell] = cluster;
                if (neighbours[cell].Count < minSamples) continue;
                foreach (var next in neighbours[cell])
                    if (labels[next] < 0) open.Push(next);
            }

            cluster++;
        }

        return labels;
    }
}
