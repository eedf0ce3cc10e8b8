namespace Vrp.Harness.Probes;

/// <summary>What all trees of an ensemble share: the features column by column, and the rows in ascending order of each, equal ones by number, so that no node has to sort.</summary>
sealed class TreeRows
{
    /// <param name="x">Rows × features, row-major.</param>
    /// <param name="features">Features per row.</param>
    public TreeRows(float[] x, int features)
    {
        Count = x.Length / features;
        (Columns, Orders) = (new float[features][], new int[features][]);
        for (var f = 0; f < features; f++)
        {
            var column = new float[Count];
            for (var row = 0; row < column.Length; row++) column[row] = x[row * features + f];
            (Columns[f], Orders[f]) = (column, [.. Enumerable.Range(0, column.Length).OrderBy(row => column[row])]);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Features × rows.</summary>
    public float[][] Columns { get; }

    /// <summary>Features × rows.</summary>
    public int[][] Orders { get; }
}
