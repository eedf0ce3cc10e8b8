namespace Vrp.Harness.Probes;

/// <summary>z = (x − mean)/scale per unit, by the fitting rows alone (scikit-learn: StandardScaler; standard deviation with divisor n, 1 for a unit that does
/// not vary).</summary>
/// <param name="Mean">Per unit.</param>
/// <param name="Scale">Per unit, &gt; 0.</param>
public sealed record Standardiser(double[] Mean, double[] Scale)
{
    /// <summary>Leaves values as they are.</summary>
    internal static Standardiser None(int units)
    {
        var scale = new double[units];
        Array.Fill(scale, 1);
        return new Standardiser(new double[units], scale);
    }

    /// <summary>From some of the rows of a row-major matrix.</summary>
    internal static Standardiser Fit(ReadOnlySpan<float> x, int units, ReadOnlySpan<int> rows)
    {
        var (mean, scale) = (new double[units], new double[units]);
        foreach (var row in rows)
        {
            var values = x.Slice(row * units, units);
            for (var u = 0; u < units; u++) mean[u] += values[u];
        }

        for (var u = 0; u < units; u++) mean[u] /= rows.Length;
        foreach (var row in rows)
        {
            var values = x.Slice(row * units, units);
            for (var u = 0; u < units; u++)
            {
                var d = values[u] - mean[u];
                scale[u] += d * d;
            }
        }

        for (var u = 0; u < units; u++)
        {
            scale[u] = Math.Sqrt(scale[u] / rows.Length);
            // Rounding of the mean leaves a constant unit a deviation of a few 1e-16 of its size: that is 0.
            if (scale[u] <= 1e-12 * Math.Abs(mean[u]) || scale[u] == 0) scale[u] = 1;
        }

        return new Standardiser(mean, scale);
    }

    /// <summary>Some of the rows, standardised, [rows.Length × units].</summary>
    internal float[] Apply(ReadOnlySpan<float> x, ReadOnlySpan<int> rows)
    {
        var units = Mean.Length;
        var z = new float[checked(rows.Length * units)];
        for (var i = 0; i < rows.Length; i++)
        {
            var values = x.Slice(rows[i] * units, units);
            for (var u = 0; u < units; u++) z[i * units + u] = (float)((values[u] - Mean[u]) / Scale[u]);
        }

        return z;
    }
}
